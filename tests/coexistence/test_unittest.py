"""`python -m unittest` where pytest is not installed."""

from __future__ import annotations

import subprocess
import sys

NOT_INSTALLED = 'raise ModuleNotFoundError("No module named %r" % __name__)\n'

CASES = """
import sys
import unittest

import boto3

from eventmock import current_backend, mock_events

RULE = {"Name": "ship", "EventPattern": '{"source": ["shop"]}'}
ORDER = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID"}'}


class WithoutPytest(unittest.TestCase):
    def test_it_is_not_installed(self):
        with self.assertRaises(ModuleNotFoundError):
            import pytest

    @mock_events
    def test_the_decorator(self):
        boto3.client("events").put_rule(**RULE)
        shipped = current_backend().target("ship")
        boto3.client("events").put_events(Entries=[ORDER])
        self.assertEqual(shipped.deliveries.details, [{"state": "PAID"}])

    def test_the_context_manager(self):
        with mock_events(region="eu-west-1") as backend:
            self.assertEqual(backend.client().meta.region_name, "eu-west-1")


@mock_events
class ClassMock(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        boto3.client("events").put_rule(**RULE)

    def test_a(self):
        boto3.client("events").delete_rule(Name="ship")

    def test_b(self):
        self.assertEqual(len(boto3.client("events").list_rules()["Rules"]), 1)


@mock_events(strict=True)
class AsyncMock(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        self.assertEqual(boto3.client("events").list_rules()["Rules"], [])

    async def test_what_went_unsaid(self):
        boto3.client("events").put_events(Entries=[ORDER])
"""


def test_it_runs_without_pytest(tmp_path):
    for name in ("pytest", "_pytest"):
        (tmp_path / f"{name}.py").write_text(NOT_INSTALLED)
    (tmp_path / "test_it.py").write_text(CASES)
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "unittest", "test_it"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Ran 7 tests" in run.stderr
    assert "FAILED (failures=1)" in run.stderr
    assert "FAIL: test_what_went_unsaid" in run.stderr
