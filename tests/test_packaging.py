"""What pyproject.toml says agrees with the package and its pages; `nox -s wheel` tests what is built of it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import eventmock
import eventmock.pattern
import eventmock.plugin
import eventmock.schedule

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def test_the_version_is_that_of_the_newest_release():
    headings = re.findall(r"^## \[(.+)\]", read("CHANGELOG.md"), re.MULTILINE)
    releases = [heading for heading in headings if heading != "Unreleased"]
    assert headings[0] in {"Unreleased", PROJECT["version"]}
    assert releases[:1] in ([], [PROJECT["version"]])


def test_the_readme_names_the_version():
    assert f"This is version {PROJECT['version'].rpartition('.')[0]}." in read("README.md")


def test_the_changelog_says_which_botocore_each_version_was_checked_against():
    for text in read("CHANGELOG.md").split("\n## ")[1:]:
        assert re.search(r"^Checked against botocore [\d.]+ and [\d.]+\.$", text, re.MULTILINE), text[:40]


def test_the_oldest_python_is_the_first_of_the_classifiers():
    pythons = re.findall(r"Python :: (3\.\d+)'", str(PROJECT["classifiers"]))
    assert PROJECT["requires-python"] == f">={pythons[0]}"


def test_boto3_and_wrapt_are_all_that_is_installed_but_on_windows():
    """Windows has no data of time zones, so they are installed there."""
    names = [re.sub(r">=[\d.]+", "", requirement) for requirement in PROJECT["dependencies"]]
    assert names == ["boto3", "tzdata; sys_platform == 'win32'", "wrapt"]


def test_every_requirement_is_a_lowest_version_and_no_more():
    """noxfile.py and tests/wheel install just those, with ``==`` for ``>=``."""
    requirements = [*PROJECT["dependencies"], *EXTRAS]
    form = r"[\w-]+>=\d+(\.\d+)*(; sys_platform == 'win32')?"
    assert [text for text in requirements if not re.fullmatch(form, text)] == []


def test_pytest_finds_the_plugin():
    [plugin] = entry_points(group="pytest11", name="eventmock")
    assert plugin.load() is eventmock.plugin


def test_every_public_name_is_there():
    assert sorted(eventmock.__all__) == eventmock.__all__ == dir(eventmock)
    assert [name for name in eventmock.__all__ if getattr(eventmock, name).__name__ != name] == []


@pytest.mark.parametrize(
    "package", [eventmock.pattern, eventmock.schedule], ids=lambda package: package.__name__
)
def test_what_dir_shows_of_a_package_is_there(package):
    assert dir(package) == sorted(package.__all__)
    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'other'"):
        package.other  # noqa: B018 - the attribute is what is asked for


def test_importing_eventmock_is_enough_for_its_public_packages():
    program = "import eventmock; eventmock.pattern.compile, eventmock.schedule.parse"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_public_name_is_in_the_reference_once_as_users_import_it():
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "docs" / "reference").glob("*.md"))
    documented = re.findall(r"^\.\. auto\w+:: ([\w.]+)$", pages, re.MULTILINE)
    assert {f"eventmock.{name}" for name in eventmock.__all__} - set(documented) == set()
    assert len(documented) == len(set(documented))
