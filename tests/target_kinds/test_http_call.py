from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from eventmock.target_kinds.http_call import Headers, HttpAnswer, HttpCall

SECRETS = Headers({"Authorization": "Basic s3cret"})


def call(**members):
    return HttpCall(
        **{
            "method": "POST",
            "url": "https://h.example/a?key=s3cret&b=",
            "headers": SECRETS,
            "body": b'{"password":"s3cret"}',
            **members,
        }
    )


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_a_call_shows_its_method_and_its_url_without_the_query(show):
    assert show(call()) == "<POST https://h.example/a>"


def test_what_is_not_shown_is_there_for_who_asks():
    assert call().headers["authorization"] == "Basic s3cret"
    assert call().query == {"key": "s3cret", "b": ""}
    assert call().json == {"password": "s3cret"}
    assert call().text == '{"password":"s3cret"}'


def test_the_operation_has_no_query():
    assert call().operation == "POST https://h.example/a"


def test_a_form():
    assert call(body=b"a=1+2&b=").form == {"a": "1 2", "b": ""}


def test_calls_are_equal_by_what_they_hold():
    assert call() == call(headers=Headers(SECRETS))
    assert call() != call(body=b"")


def test_an_answer_shows_its_status_only():
    answer = HttpAnswer(
        status=201, headers=Headers({"Set-Cookie": "s3cret"}), body=b'{"access_token":"s3cret"}'
    )
    assert repr(answer) == "HttpAnswer(status=201)"
    assert answer.json == {"access_token": "s3cret"}


def test_the_status_of_an_answer_needs_no_name():
    assert HttpAnswer(201) == HttpAnswer(status=201)
    with pytest.raises(TypeError):
        HttpAnswer(201, {})


def test_an_answer_that_is_no_json():
    with pytest.raises(ValueError, match="Expecting value"):
        _ = HttpAnswer(body=b"<html>").json


NAMES = st.text("aAbBcC-", min_size=1, max_size=3)


@given(st.lists(st.tuples(NAMES, st.text())))
def test_headers_are_one_for_each_name_whatever_its_case(pairs):
    headers = Headers()
    for name, value in pairs:
        headers[name] = value
    last = {name.lower(): value for name, value in pairs}
    assert {name.lower(): value for name, value in headers.items()} == last
    assert len(headers) == len(last)
    for name, value in last.items():
        assert name.upper() in headers
        assert headers[name.upper()] == headers.get(name.swapcase()) == value


def test_headers_that_are_not_there():
    headers = Headers({"A": "1", "a": "2"})
    assert headers == {"a": "2"}
    assert headers.get("B") is None
    assert headers.get("B", "x") == "x"
    assert 1 not in headers
    with pytest.raises(KeyError, match="B"):
        _ = headers["B"]
