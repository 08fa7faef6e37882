from __future__ import annotations

from eventmock.coverage.data import read_file
from eventmock.coverage.output import write
from eventmock.coverage.page import page_of


def test_it_writes_the_data_and_the_page(three_gaps, tmp_path):
    write(three_gaps, tmp_path / "a" / "b")
    assert read_file(tmp_path / "a" / "b" / "coverage.json").text() == three_gaps.text()
    assert (tmp_path / "a" / "b" / "index.html").read_text(encoding="utf-8") == page_of(three_gaps)


def test_a_directory_that_it_makes_is_kept_out_of_git(three_gaps, tmp_path):
    write(three_gaps, tmp_path / "new")
    write(three_gaps, tmp_path)
    assert (tmp_path / "new" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert not (tmp_path / ".gitignore").exists()
