"""The host of a URL is the one that a connection would go to, or none at all."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from eventmock.values.hosts import connection_url, destination


@pytest.mark.parametrize(
    ("url", "host", "port", "name"),
    [
        ("http://allowed.internal/", "allowed.internal", 80, "allowed.internal"),
        ("https://allowed.internal", "allowed.internal", 443, "allowed.internal"),
        ("https://allowed.internal:8443/x?y#z", "allowed.internal", 8443, "allowed.internal:8443"),
        ("HTTP://ALLOWED.internal/", "allowed.internal", 80, "allowed.internal"),
        ("http://user:secret@allowed.internal:1/", "allowed.internal", 1, "allowed.internal:1"),
        ("http://allowed.internal:80@evil/", "evil", 80, "evil"),
        ("http://allowed.internal%2f@evil/", "evil", 80, "evil"),
        ("http://evil?@allowed.internal/", "evil", 80, "evil"),
        ("http://evil#@allowed.internal/", "evil", 80, "evil"),
        ("http://evil/@allowed.internal/", "evil", 80, "evil"),
        ("http://evil/\\@allowed.internal/", "evil", 80, "evil"),
        ("http://allowed.internal./", "allowed.internal.", 80, "allowed.internal."),
        ("http://0x7f.1/", "0x7f.1", 80, "0x7f.1"),
        ("http://2130706433/", "2130706433", 80, "2130706433"),
        ("http://[::1]:4566/", "[::1]", 4566, "[::1]:4566"),
        ("https://[FE80::1]/", "[fe80::1]", 443, "[fe80::1]"),
        ("http://[fe80::1%25eth0]/", "[fe80::1%eth0]", 80, "[fe80::1%eth0]"),
        ("http://docker_compose_name:4566/", "docker_compose_name", 4566, "docker_compose_name:4566"),
    ],
)
def test_a_plain_url_leads_to_its_host(url, host, port, name):
    where = destination(url)
    assert (where.host, where.port, where.name) == (host, port, name)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9\\@allowed.internal/",
        "http://evil\\allowed.internal/",
        "http://evil\\.allowed.internal/",
        "http://a@evil@allowed.internal/",
        "http://al\tlowed.internal/",
        "http://allowed.internal\n/",
        "http://allowed.internal\r\nHost: evil/",
        "http://allowed.internal /",
        " http://allowed.internal/",
        "http://%61llowed.internal/",
        "http://evil%2fallowed.internal/",
        "http://allowed.internal%00.evil/",
        "http://\N{LATIN SMALL LETTER A WITH DIAERESIS}.internal/",
        "http://evil\N{IDEOGRAPHIC FULL STOP}allowed.internal/",
        "http://\N{CIRCLED DIGIT ONE}.internal/",
        "http://evil\N{FULLWIDTH SOLIDUS}allowed.internal/",
        "http://allowed.internal:\N{ARABIC-INDIC DIGIT ONE}/",
        "http://allowed.internal:99999/",
        "http://allowed.internal:1:2/",
        "http://[::1/",
        "http://[::1]evil/",
        "http://[v1.allowed]/",
        "http:/allowed.internal/",
        "http:///allowed.internal/",
        "http:allowed.internal/",
        "//allowed.internal/",
        "allowed.internal/",
        "http://",
        "ftp://allowed.internal/",
        "file://allowed.internal/",
        "",
    ],
    ids=ascii,
)
def test_a_url_that_libraries_may_read_differently_leads_nowhere(url):
    assert destination(url) is None


@pytest.mark.parametrize(
    ("url", "pattern", "is_named"),
    [
        ("http://localhost:4566/", "localhost", True),
        ("http://localhost:4566/", "LOCALHOST:4566", True),
        ("http://localhost:4566/", "localhost:4567", False),
        ("http://localhost/", "localhost:80", True),
        ("https://localhost/", "localhost:443", True),
        ("https://localhost/", "localhost:80", False),
        ("http://a.internal/", "*.internal", True),
        ("http://internal/", "*.internal", False),
        ("http://a.internal.evil/", "*.internal", False),
        ("http://a.internal./", "a.internal", False),
        ("http://[::1]:4566/", "[::1]:4566", True),
        ("http://[::1]:4566/", "[::1]", True),
        ("http://[::1]:4566/", "::1", True),
        ("http://[::1]:4566/", "[::2]", False),
        ("http://[::1]:4566/", "[::1]:4567", False),
        ("http://[::1]:4566/", "::1:4566", False),
        ("http://[::1:4566]/", "[::1]:4566", False),
        ("http://[::1:4566]/", "::1:4566", True),
        ("http://[::1]/", "[::1]:80", True),
        ("https://[::1]/", "[::1]:80", False),
        ("http://[FE80::1]/", "[fe80::1]", True),
        ("http://[fe80::1]/", "[FE80::1]:80", True),
        ("http://[fe80::1]/", "FE80::1", True),
        ("http://[fe80::1]:1/", "[fe80::*]", True),
        ("http://[fe80::1]:1/", "[*]:1", True),
        ("http://[fe80::1]:1/", "[fe80::1]:*", True),
        ("http://[fe80::1]:1/", "[*", True),
        ("http://[fe80::1]:1/", "fe80::*", True),
        ("http://[fe81::1]:1/", "[fe80::*]", False),
        ("http://::1/", "::1", False),
        ("http://b/", "[a-c]", False),
        ("http://a/", "[!b]", False),
        ("http://1/", "[1]", False),
        ("http://:/", "*", False),
        ("http://[fe80::1%25eth0]/", "[fe80::1%25eth0]", True),
        ("http://[fe80::1%25eth0]/", "fe80::1%eth0", True),
        ("http://[fe80::1%25eth0]/", "fe80::1", False),
        ("http://127.0.0.1/", "0x7f.1", False),
        ("http://0x7f.1/", "127.0.0.1", False),
        ("http://anything/", "*", True),
    ],
)
def test_a_pattern_names_a_host_with_or_without_its_port(url, pattern, is_named):
    where = destination(url)
    assert (where is not None and where.is_one_of([pattern])) is is_named


@given(st.ip_addresses(v=6).map(str), st.ip_addresses(v=6).map(str), st.sampled_from(["", ":80", ":4566"]))
def test_an_ipv6_address_is_named_with_and_without_brackets(address, other, port):
    where = destination(f"http://[{address}]{port}/")
    for written in (address, f"[{address}]", f"[{address.upper()}]", f"[{address}]{port or ':80'}"):
        assert where.is_one_of([written])
    for written in (other, f"[{other}]", f"[{address}]:1"):
        assert where.is_one_of([written]) is (written.strip("[]") == address)


PIECES = (
    *("allowed.internal", "evil", "127.0.0.1", "::1", "a", "80", ".", ":", ":9", "@", "[", "]"),
    *(
        "/",
        "\\",
        "?",
        "#",
        "%",
        "%40",
        "%2f",
        "\t",
        "\n",
        "\r",
        " ",
        "\0",
        "\uff0f",
        "\u3002",
        "\xe4",
        "\xad",
    ),
)
AUTHORITIES = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
SCHEMES = st.sampled_from(
    ["http://", "https://", "HTTP://", "http:/", "http:", "//", "", " http://", "http:\\\\"]
)


@given(
    scheme=SCHEMES,
    authority=AUTHORITIES | st.text(max_size=12),
    rest=st.sampled_from(["", "/", "/x?y", "#z"]),
)
def test_a_url_that_leads_somewhere_leads_where_urllib3_connects_to(scheme, authority, rest):
    url = scheme + authority + rest
    where = destination(url)
    if where is None:
        return
    parsed = parse_url(url)
    assert where.host == parsed.host.lower()
    assert where.port == (parsed.port or {"http": 80, "https": 443}[parsed.scheme])


@given(scheme=SCHEMES, authority=AUTHORITIES)
def test_a_pattern_lets_out_no_other_host(scheme, authority):
    url = f"{scheme}{authority}/"
    where = destination(url)
    if where is not None and where.is_one_of(["allowed.internal", "*.internal"]):
        host = parse_url(url).host
        assert host == "allowed.internal" or host.endswith(".internal")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:secret@host:1/path?secret#secret", "http://host:1/path"),
        ("http://127.0.0.1:9\\@allowed.internal/", "http://127.0.0.1:9/%5C@allowed.internal/"),
        ("http://[", "a URL that cannot be read"),
        ("http://\ud800/", "a URL that cannot be read"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url, shown):
    assert connection_url(url) == shown


@given(st.text(max_size=20))
def test_every_text_can_be_shown(text):
    try:
        parse_url(text)
    except LocationParseError:
        assert connection_url(text) == "a URL that cannot be read"
    else:
        assert connection_url(text)
