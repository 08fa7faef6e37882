"""Handlers in folders, as templates name them."""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest

from eventmock import OptionError

APP = """
    from helper import NAME

    def handler(event, context):
        import later
        return [NAME, later.NAME, context.function_name]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A function that writes the code of a function into a folder. The modules are forgotten at the end."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = dict(sys.modules)

    def write(name, **files):
        for file, text in {
            "app": APP,
            "helper": f"NAME = {name!r}",
            "later": f"NAME = {name!r}",
            **files,
        }.items():
            path = tmp_path / name / f"{file}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text))
        return tmp_path / name

    yield write
    for name in set(sys.modules) - set(known):
        if name.partition(".")[0] in {"app", "helper", "later", "inner"}:
            del sys.modules[name]


def template(**code):
    functions = {
        name: {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "app.handler", "Code": str(uri)}}
        for name, uri in code.items()
    }
    return {"Resources": functions}


def test_each_function_has_the_modules_of_its_own_folder(events_backend, folder):
    deployment = events_backend.deploy(template(Ship=folder("ship"), Bill=folder("bill")), handlers=True)
    ship, bill = deployment.function("Ship"), deployment.function("Bill")
    for _ in range(2):
        assert ship.invoke({})[:2] == ["ship", "ship"]
        assert bill.invoke({})[:2] == ["bill", "bill"]


def test_the_code_is_imported_at_the_first_invocation_only(events_backend, folder):
    code = folder("ship", app="def handler(event, context): return 1", helper="raise AssertionError")
    deployment = events_backend.deploy(template(Ship=code), handlers=True)
    assert "app" not in sys.modules
    assert deployment.function("Ship").invoke({}) == 1
    first = sys.modules["app"]
    assert deployment.function("Ship").invoke({}) == 1
    assert sys.modules["app"] is first


def test_a_module_that_the_test_has_imported_from_the_folder_is_the_one_that_runs(events_backend, folder):
    code = folder("ship", app="VALUE = 1\ndef handler(event, context): return VALUE")
    sys.path.insert(0, str(code))
    import app

    app.VALUE = 2
    deployment = events_backend.deploy(template(Ship=code), handlers=True)
    assert deployment.function("Ship").invoke({}) == 2


def test_sys_path_is_as_before_when_the_handler_has_returned_or_failed(events_backend, folder):
    before = list(sys.path)
    code = folder("ship", app="def handler(event, context): return 1 / event['by']")
    function = events_backend.deploy(template(Ship=code), handlers=True).function("Ship")
    assert function.invoke({"by": 2}) == 0.5
    with pytest.raises(ZeroDivisionError):
        function.invoke({"by": 0})
    assert sys.path == before


def test_a_handler_in_a_package_is_written_with_dots_or_slashes(events_backend, folder, tmp_path):
    (folder("ship") / "inner").mkdir()
    (tmp_path / "ship/inner/app.py").write_text("def handler(event, context): return 'inner'")
    given = template(Dots=tmp_path / "ship", Slashes=tmp_path / "ship")
    given["Resources"]["Dots"]["Properties"]["Handler"] = "inner.app.handler"
    given["Resources"]["Slashes"]["Properties"]["Handler"] = "inner/app.handler"
    deployment = events_backend.deploy(given, handlers=True)
    assert deployment.function("Dots").invoke({}) == deployment.function("Slashes").invoke({}) == "inner"


def test_a_module_that_is_missing_is_named(events_backend, folder):
    given = template(Ship=folder("ship"))
    given["Resources"]["Ship"]["Properties"]["Handler"] = "nowhere.handler"
    function = events_backend.deploy(given, handlers=True).function("Ship")
    with pytest.raises(
        OptionError, match=r"function Ship: handler='nowhere\.handler': there is no module 'nowhere'"
    ):
        function.invoke({})


def test_a_function_without_local_code_or_of_another_language_runs_nothing(events_backend, folder):
    given = template(Ship=folder("ship"), Uploaded="s3://bucket/key")
    given["Resources"]["Ship"]["Properties"]["Runtime"] = "nodejs22.x"
    deployment = events_backend.deploy(given, handlers=True)
    for name in ("Ship", "Uploaded"):
        with pytest.raises(OptionError, match="no handler was given for it"):
            deployment.function(name)


def test_the_folders_of_sam_and_of_assets_of_the_cdk_are_relative_to_the_template(
    events_backend, folder, tmp_path
):
    pytest.importorskip("samtranslator")
    folder("ship")
    sam = tmp_path / "template.json"
    sam.write_text(
        """{"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Ship": {"Type": "AWS::Serverless::Function",
        "Properties": {"CodeUri": "ship/", "Handler": "app.handler", "Runtime": "python3.12"}}}}"""
    )
    assert events_backend.deploy(sam, handlers=True).function("Ship").invoke({})[0] == "ship"
    cdk = tmp_path / "Orders.template.json"
    cdk.write_text(
        """{"Resources": {"Ship": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Bucket": "assets"},
        "Handler": "app.handler", "Runtime": "python3.12"},
        "Metadata": {"aws:asset:path": "ship", "aws:asset:property": "Code"}}}}"""
    )
    assert events_backend.deploy(cdk, handlers=True).function("Ship").invoke({})[0] == "ship"
