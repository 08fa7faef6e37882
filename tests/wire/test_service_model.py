from __future__ import annotations

import pytest

from eventmock.wire import AwsError, WireModel, is_installed, known_regions, load_service
from eventmock.wire.service_model import Corrections
from eventmock.wire.validation import validate


def test_the_model_is_the_installed_botocore_s(events_model):
    assert events_model.endpoint_prefix == "events"
    assert events_model.event_name == "eventbridge"
    assert events_model.protocol == "json"
    assert "PutEvents" in events_model.operation_names


def test_an_operation_that_is_not_in_the_model_is_a_key_error(events_model):
    with pytest.raises(KeyError):
        events_model.operation("Nothing")


def test_list_operations_are_found_by_their_shape(events_model):
    paging = events_model.operation("ListRules").paging
    assert (paging.limit, paging.token, paging.items) == ("Limit", "NextToken", "Rules")
    assert events_model.operation("ListEndpoints").paging.limit == "MaxResults"
    assert events_model.operation("ListTagsForResource").paging is None
    assert events_model.operation("PutRule").paging is None


def test_a_service_is_read_once():
    corrections = Corrections()
    assert load_service("events", corrections) is load_service("events", corrections)


def test_a_rest_error_has_its_own_status(appintegrations_model):
    assert appintegrations_model.error_statuses["ResourceNotFoundException"] == 404
    assert appintegrations_model.error_statuses["DuplicateResourceException"] == 409


def test_the_regions_of_a_partition_are_those_of_the_installed_botocore():
    assert {"us-east-1", "eu-west-1"} <= known_regions("aws")
    assert {"cn-north-1", "cn-northwest-1"} <= known_regions("aws-cn")
    assert not known_regions("aws") & known_regions("aws-cn")
    assert known_regions("unheard-of") == frozenset()


def test_what_is_within_a_sensitive_structure_is_sensitive(monkeypatch):
    shapes = {
        "Put": {"type": "structure", "members": {"Open": {"shape": "Text"}, "Secret": {"shape": "Secret"}}},
        "Secret": {"type": "structure", "members": {"Texts": {"shape": "Texts"}}, "sensitive": True},
        "Texts": {"type": "list", "member": {"shape": "Text"}},
        "Text": {"type": "string", "max": 1},
    }
    put = {"name": "Put", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "Put"}}
    model = {
        "metadata": {"protocol": "json", "serviceId": "Made Up", "endpointPrefix": "made-up"},
        "operations": {"Put": put},
        "shapes": shapes,
    }
    monkeypatch.setattr("eventmock.wire.service_model.Loader.load_service_model", lambda *_, **_named: model)
    given = {"Open": "ab", "Secret": {"Texts": ["ab"]}}
    with pytest.raises(AwsError) as refused:
        validate(WireModel("made-up", Corrections()).operation("Put").input, given)
    assert "Value 'ab' at 'open'" in refused.value.message
    assert "Value at 'secret.texts' failed" in refused.value.message


def test_a_service_is_installed_if_botocore_has_its_model():
    assert is_installed("events")
    assert not is_installed("unheard-of")
