"""What a user finds in the wheel and the sdist, in environments that hold nothing else. `nox -s wheel` runs it.

It needs the index, so that the ordinary suite leaves it out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
[WHEEL] = (ROOT / "dist").glob("*.whl")
[SDIST] = (ROOT / "dist").glob("*.tar.gz")
NAME = f"eventmock-{PROJECT['version']}"

EXTRAS = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
LOWEST = [requirement.replace(">=", "==") for requirement in (*PROJECT["dependencies"], *EXTRAS)]
LOWEST += [pin.replace("boto3", "botocore") for pin in LOWEST if pin.startswith("boto3")]
START = "\n".join(
    re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "start.md").read_text(encoding="utf-8"), re.DOTALL)
)


@dataclass
class Environment:
    """A virtual environment, and an empty directory to run things in."""

    python: Path
    directory: Path

    def run(self, *arguments, status=0):
        """What a command prints; its first word is a program, or ``python``."""
        program = self.python if arguments[0] == "python" else Path(sys.executable).with_name(arguments[0])
        ours = ("AWS_", "PYTHON", "PYTEST", "VIRTUAL_ENV")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        ran = subprocess.run(
            [program, *arguments[1:]],
            cwd=self.directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == status, ran.stdout
        return ran.stdout


def pip(*arguments):
    """What the session's pip prints."""
    command = [sys.executable, "-m", "pip", "--quiet", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def make_environment(tmp_path_factory, *requirements):
    place = tmp_path_factory.mktemp("user")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True)
    python = place / "venv" / "bin" / "python"
    pip("--python", python, "install", *requirements)
    (place / "empty").mkdir()
    return Environment(python, place / "empty")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """An environment with the wheel alone."""
    return make_environment(tmp_path_factory, str(WHEEL))


@pytest.fixture(scope="module", params=["newest", "lowest"])
def beside_pytest(tmp_path_factory, request):
    """An environment with the wheel and pytest, all of them the newest or the lowest that we say are enough."""
    if request.param == "newest":
        return make_environment(tmp_path_factory, f"{WHEEL}[pytest]")
    return make_environment(tmp_path_factory, str(WHEEL), *LOWEST)


def tracked(*places):
    git = shutil.which("git")
    assert git is not None
    listed = subprocess.run(
        [git, "ls-files", *places], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return set(listed.stdout.splitlines())


def test_the_wheel_holds_the_package_and_its_licence():
    with zipfile.ZipFile(WHEEL) as wheel:
        held = set(wheel.namelist())
    about = {
        f"{NAME}.dist-info/{file}"
        for file in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
    }
    assert held == tracked("eventmock") | about


def test_the_sdist_holds_what_git_does():
    with tarfile.open(SDIST) as sdist:
        held = {member.name.removeprefix(f"{NAME}/") for member in sdist if member.isfile()}
    assert held == tracked() | {"PKG-INFO"}


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_tree(tmp_path):
    """`build` made the one in dist/ of the sdist; wheels are reproducible, to the byte."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT], check=True)
    [wheel] = tmp_path.iterdir()
    assert (wheel.name, wheel.read_bytes()) == (WHEEL.name, WHEEL.read_bytes())


def test_it_installs_boto3_and_wrapt_and_what_they_need(alone):
    listed = "from importlib.metadata import distributions; print(*(one.name for one in distributions()))"
    resolved = json.loads(
        pip("install", "--dry-run", "--ignore-installed", "--report", "-", "boto3", "wrapt")
    )
    needed = {one["metadata"]["name"] for one in resolved["install"]}
    assert set(alone.run("python", "-c", listed).split()) == needed | {"eventmock"}


def test_the_demo_runs(alone):
    told = alone.run("python", "-m", "eventmock", "demo")
    assert "us-east-1 is out of service" in told


def test_the_catalogue_of_the_events_of_services_is_there(alone):
    told = alone.run("python", "-m", "eventmock", "sample", "aws.s3", "Object Created")
    assert json.loads(told)["detail"]["reason"] == "PutObject"


def test_unittest_needs_no_pytest(alone):
    shutil.copy(HERE / "orders.py", alone.directory)
    told = alone.run("python", "-m", "unittest", "--verbose", "orders", status=1)
    assert "test_paid (orders.Orders.test_paid) ... ok" in told
    assert "AssertionError: 0 != 1" in told
    assert "FAILED (failures=1)" in told


def test_the_first_five_minutes(beside_pytest):
    (beside_pytest.directory / "test_shop.py").write_text(START, encoding="utf-8")
    assert f"{START.count('def test_')} passed" in beside_pytest.run("python", "-m", "pytest")


def test_a_test_that_fails_says_why(beside_pytest):
    (beside_pytest.directory / "test_shop.py").write_text(
        START.replace('"PAID")', '"LOST")'), encoding="utf-8"
    )
    told = beside_pytest.run("python", "-m", "pytest", "-k", "shipped", status=1)
    assert "- eventmock (us-east-1) -" in told
    assert 'ship  no match   detail.state held "LOST", wanted one of ["PAID"]' in told


def test_mypy_is_content_without_stubs(alone):
    shutil.copy(HERE / "without_stubs.py", alone.directory)
    told = alone.run("mypy", "--strict", "--python-executable", alone.python, "without_stubs.py")
    assert told == "Success: no issues found in 1 source file\n"


def test_pyright_is_content_without_stubs(alone):
    shutil.copy(HERE / "without_stubs.py", alone.directory)
    told = alone.run("pyright", "--pythonpath", alone.python, "without_stubs.py")
    assert told == "0 errors, 0 warnings, 0 informations\n"


TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: orders}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: shop.ship
      CodeUri: src
      Events:
        Paid:
          Type: EventBridgeRule
          Properties: {EventBusName: !Ref Bus, Pattern: {source: [shop]}}
"""
DEPLOYS = """
import sys
from eventmock import TemplateError, mock_events
with mock_events() as backend:
    try:
        print(list(backend.deploy(sys.argv[1])))
    except TemplateError as error:
        print(error)
"""


def test_a_template_in_json_needs_no_extra_and_one_in_yaml_names_it(alone):
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}
    (alone.directory / "bus.json").write_text(json.dumps({"Resources": {"Bus": bus}}), encoding="utf-8")
    (alone.directory / "shop.yaml").write_text(TEMPLATE, encoding="utf-8")
    assert alone.run("python", "-c", DEPLOYS, "bus.json") == "['Bus']\n"
    assert alone.run("python", "-c", DEPLOYS, "shop.yaml") == (
        "shop.yaml: a template in YAML is read by PyYAML, which is not installed: "
        "pip install 'eventmock[templates]'\n"
    )


@pytest.fixture(scope="module", params=["newest", "lowest"])
def beside_sam(tmp_path_factory, request):
    """An environment with the wheel and what templates of SAM need, the newest or the lowest that we say is enough."""
    if request.param == "newest":
        return make_environment(tmp_path_factory, f"{WHEEL}[sam]")
    return make_environment(tmp_path_factory, str(WHEEL), *LOWEST)


def test_a_template_of_sam_needs_the_extra_and_nothing_else(beside_sam):
    (beside_sam.directory / "shop.yaml").write_text(TEMPLATE, encoding="utf-8")
    told = beside_sam.run("python", "-c", DEPLOYS, "shop.yaml")
    assert told == "['Bus', 'ShipRole', 'Ship', 'ShipPaid', 'ShipPaidPermission']\n"
