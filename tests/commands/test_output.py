from __future__ import annotations

import io

from eventmock.commands.output import say, say_json


def test_lines_are_kept_and_what_would_break_them_is_escaped(capsys):
    say("a\nb\x1b[31m\td")
    assert capsys.readouterr() == ("a\nb\\x1b[31m\\td\n", "")


def test_they_may_go_elsewhere(capsys):
    elsewhere = io.StringIO()
    say("a", elsewhere)
    assert elsewhere.getvalue() == "a\n"
    assert capsys.readouterr() == ("", "")


def test_json_is_ascii(capsys):
    say_json({"ü": ["\ud800"]})
    assert capsys.readouterr().out == '{\n  "\\u00fc": [\n    "\\ud800"\n  ]\n}\n'
