"""Regions come from the code under test, the tester or the environment; configuration files are not read."""

from __future__ import annotations

import boto3
import botocore.configprovider
import botocore.session
import pytest
from botocore.config import Config

from eventmock import mock_events


class TestRegion:
    def test_the_tester_s_word_is_over_the_environment_s(self, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        with mock_events(region="us-west-2"):
            assert boto3.Session().client("events").meta.region_name == "us-west-2"

    def test_the_environment_s_word_is_over_the_default(self, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        with mock_events() as backend:
            assert boto3.Session().client("events").meta.region_name == "eu-west-1"
            assert backend.default_region == "eu-west-1"

    @pytest.mark.parametrize(
        ("session", "arguments"),
        [
            ({}, {"region_name": "ap-south-1"}),
            ({"region_name": "ap-south-1"}, {}),
            ({}, {"config": Config(region_name="ap-south-1")}),
        ],
    )
    def test_what_the_code_under_test_names_stays(self, session, arguments):
        with mock_events(region="us-west-2"):
            assert boto3.Session(**session).client("events", **arguments).meta.region_name == "ap-south-1"

    def test_a_region_given_by_position_stays(self):
        with mock_events():
            assert (
                botocore.session.Session().create_client("events", "ap-south-1").meta.region_name
                == "ap-south-1"
            )

    def test_a_region_of_none_given_by_position_is_filled_in(self):
        with mock_events():
            assert botocore.session.Session().create_client("events", None).meta.region_name == "us-east-1"

    def test_a_region_of_the_session_s_profile_stays(self, monkeypatch, tmp_path):
        config = tmp_path / "config"
        config.write_text("[default]\nregion = sa-east-1\n[profile p]\nregion = ap-south-1\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        with mock_events():
            assert boto3.Session(profile_name="p").client("events").meta.region_name == "ap-south-1"
            assert boto3.Session().client("events").meta.region_name == "us-east-1"


class TestRegionOfTheSessionItself:
    """What code told a session about its region stays, whichever way it told it."""

    @pytest.mark.parametrize(
        ("variable", "environment", "region"),
        [
            ((None, "X", "eu-west-1", None), {}, "eu-west-1"),
            ((None, "X", "eu-west-1", None), {"X": "ap-south-1"}, "ap-south-1"),
            ((None, "X", None, None), {"X": "ap-south-1"}, "ap-south-1"),
            ((None, ["X", "Y"], None, None), {"Y": "ap-south-1"}, "ap-south-1"),
            ((None, "X", "EU-WEST-1", str.lower), {}, "eu-west-1"),
            ((None, "X", None, None), {}, "us-west-2"),
            (("region", "AWS_DEFAULT_REGION", None, None), {"AWS_DEFAULT_REGION": "eu-west-3"}, "us-west-2"),
        ],
    )
    def test_by_session_variables(self, monkeypatch, variable, environment, region):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        early = botocore.session.Session({"region": variable})
        with mock_events(region="us-west-2"):
            for session in (early, botocore.session.Session({"region": variable})):
                assert session.get_config_variable("region") == region
                assert session.create_client("events").meta.region_name == region

    def test_by_a_variable_that_is_set_later(self):
        with mock_events():
            session = botocore.session.Session()
            session.session_var_map["region"] = (None, None, "eu-west-1", None)
            assert session.create_client("events").meta.region_name == "eu-west-1"

    def test_by_set_config_variable(self):
        with mock_events():
            session = botocore.session.Session()
            session.set_config_variable("region", "eu-west-1")
            assert session.create_client("events").meta.region_name == "eu-west-1"

    def test_by_the_store_of_its_configuration(self):
        with mock_events():
            session = botocore.session.Session()
            session.get_component("config_store").set_config_variable("region", "eu-west-1")
            assert session.create_client("events").meta.region_name == "eu-west-1"

    def test_by_a_provider_of_its_own(self):
        with mock_events():
            session = botocore.session.Session()
            provider = botocore.configprovider.ConstantProvider("eu-west-1")
            session.get_component("config_store").set_config_provider("region", provider)
            assert session.create_client("events").meta.region_name == "eu-west-1"


class TestConfigurationFiles:
    @pytest.mark.parametrize("name", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
    def test_a_profile_of_the_environment_means_nothing(self, monkeypatch, name):
        monkeypatch.setenv(name, "nowhere")
        with mock_events():
            assert boto3.Session().client("events").list_rules()["Rules"] == []

    def test_broken_files_are_not_read(self, monkeypatch, tmp_path):
        broken = tmp_path / "config"
        broken.write_text("[[[ this is no ini file")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(broken))
        with mock_events():
            assert boto3.Session().client("events").list_rules()["Rules"] == []

    def test_a_session_tells_the_region_of_its_clients(self):
        with mock_events(region="eu-west-1"):
            assert boto3.Session().region_name == "eu-west-1"
            assert boto3.Session(region_name="ap-south-1").region_name == "ap-south-1"
        assert boto3.Session().region_name is None

    def test_with_a_passthrough_they_are_read(self, monkeypatch, tmp_path):
        config = tmp_path / "config"
        config.write_text("[default]\nendpoint_url = http://localhost:4566\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        with mock_events(passthrough=["localhost"]):
            assert boto3.Session().client("sqs").meta.endpoint_url == "http://localhost:4566"
