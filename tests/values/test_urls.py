from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from eventmock.values.urls import shown_url, with_shown_urls, without_secrets_of


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x/*", "https://a.example/x/*"),
        ("https://a.example:8443/x?k=s3cret&l=1#f", "https://a.example:8443/x"),
        ("https://a.example/x#s3cret?y", "https://a.example/x"),
        ("https://a.example?k=s3cret", "https://a.example"),
        ("https://user:s3cret@a.example/x", "https://***@a.example/x"),
        ("https://s3cret@a.example", "https://***@a.example"),
        ("https://user:s3@cr@et@a.example/x@y", "https://***@a.example/x@y"),
        ("https://@a.example/", "https://***@a.example/"),
        ("no url?k=s3cret", "no url"),
        ("", ""),
    ],
)
def test_what_is_shown_of_a_url(url, shown):
    assert shown_url(url) == shown


def test_urls_in_a_text_are_shown_so_too():
    text = (
        "Reason: Endpoint 'http://u:s3cret@a.example/x?k=s3cret' is invalid, see https://b.example/ (HTTPS)."
    )
    assert with_shown_urls(text) == (
        "Reason: Endpoint 'http://***@a.example/x' is invalid, see https://b.example/ (HTTPS)."
    )


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach https://u:pa%24s@a.example/x?key=s3%20cret&more=other",
        "/x?key=s3%20cret&more=other refused",
        "key=s3%20cret&more=other",
        "s3%20cret",
        "s3 cret is not known to a.example",
        "user u:pa%24s, password pa$s, other",
    ],
)
def test_what_another_library_says_of_a_request_keeps_no_secret_of_its_url(text):
    told = without_secrets_of("https://u:pa%24s@a.example/x?key=s3%20cret&more=other", text)
    assert not {"s3%20cret", "s3 cret", "pa%24s", "pa$s", "other"} & {
        secret for secret in ("s3%20cret", "s3 cret", "pa%24s", "pa$s", "other") if secret in told
    }


def test_the_rest_of_what_it_says_stays():
    assert without_secrets_of("https://a.example/x?a=b", "connection refused: b") == "connection refused: b"


WORDS = st.text(st.sampled_from("abcXYZ019-._~%24+"), min_size=1, max_size=8)


@given(WORDS, WORDS, WORDS)
def test_no_secret_is_shown(user, password, value):
    canary = f"s3cret{password}"
    shown = shown_url(f"https://{user}:{canary}@a.example/x?k={canary}{value}")
    assert shown == "https://***@a.example/x"
