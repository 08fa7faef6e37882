from __future__ import annotations

import math
import struct
from collections import OrderedDict
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
from botocore import parsers
from hypothesis import given, strategies as st

from eventmock.wire.cbor import DEEPEST, CborError, decode, encode

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALF_A_SECOND = datetime(2026, 9, 1, 0, 0, 0, 500_000, tzinfo=UTC)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
    )
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30
)


@given(values)
def test_what_is_written_is_read(value):
    assert decode(encode(value)) == value


@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_refused(body):
    try:
        value = decode(body)
    except CborError:
        return
    encode(value)


@given(values, st.data())
def test_a_body_that_was_cut_is_refused(value, data):
    body = encode(value)
    with pytest.raises(CborError):
        decode(body[: data.draw(st.integers(0, len(body) - 1))])


@given(values, st.binary(min_size=1, max_size=3))
def test_bytes_after_the_value_are_refused(value, more):
    with pytest.raises(CborError, match="follow the value"):
        decode(encode(value) + more)


# The examples of RFC 8949, Appendix A, that the protocol has


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("1903e8", 1000),
        ("1a000f4240", 1_000_000),
        ("1bffffffffffffffff", 2**64 - 1),
        ("20", -1),
        ("3903e7", -1000),
        ("3bffffffffffffffff", -(2**64)),
        ("f4", False),
        ("f5", True),
        ("f6", None),
        ("c11a514b67b0", datetime(2013, 3, 21, 20, 4, tzinfo=UTC)),
        ("c1fb41d452d9ec200000", datetime(2013, 3, 21, 20, 4, 0, 500_000, tzinfo=UTC)),
        ("fb3ff199999999999a", 1.1),
        ("40", b""),
        ("4401020304", b"\x01\x02\x03\x04"),
        ("6449455446", "IETF"),
        ("62c3bc", "ü"),
        ("64f0908591", "𐅑"),
        ("83010203", [1, 2, 3]),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
        ("a0", {}),
    ],
)
def test_a_value_is_written_and_read_in_its_shortest_form(body, value):
    assert encode(value).hex() == body
    assert decode(bytes.fromhex(body)) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("f7", None),
        ("1817", 23),
        ("1b0000000000000001", 1),
        ("f93c00", 1.0),
        ("f97bff", 65504.0),
        ("fa47c35000", 100_000.0),
        ("f97c00", math.inf),
        ("fbfff0000000000000", -math.inf),
        ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("7fff", ""),
        ("9fff", []),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf6346756ef563416d7421ff", {"Fun": True, "Amt": -2}),
        ("bf7f6141ff01ff", {"A": 1}),
        ("a2616101616102", {"a": 2}),
        ("c120", EPOCH - timedelta(seconds=1)),
        ("c1f93800", EPOCH + timedelta(seconds=0.5)),
        ("c1fa3f000000", EPOCH + timedelta(seconds=0.5)),
    ],
)
def test_other_forms_of_a_value_are_read_too(body, value):
    assert decode(bytes.fromhex(body)) == value


def test_a_float_that_is_not_a_number_is_read():
    assert math.isnan(decode(bytes.fromhex("f97e00")))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "its end after 0 bytes"),
        ("18", "its end after 1 bytes"),
        ("6261", "its end after 2 bytes"),
        ("7bffffffffffffffff", "its end after 9 bytes"),
        ("9bffffffffffffffff", "its end after 9 bytes"),
        ("bbffffffffffffffff", "its end after 9 bytes"),
        ("9f01", "its end"),
        ("bf6161ff", "a simple value"),
        ("1c", "additional information 28"),
        ("1f", "an indefinite length in major type 0"),
        ("df00", "an indefinite length in major type 6"),
        ("ff", "a simple value"),
        ("f0", "a simple value"),
        ("f8ff", "a simple value"),
        ("61ff", "text that is not UTF-8"),
        ("63eda080", "text that is not UTF-8"),
        ("7f61c361bcff", "text that is not UTF-8"),
        ("7f4101ff", "within a string of indefinite length"),
        ("7f7f6161ffff", "within a string of indefinite length"),
        ("a10102", "a key that is not text"),
        ("a1410102", "a key that is not text"),
        ("a1f601", "a key that is not text"),
        ("a18001", "a key that is not text"),
        ("c074323031332d30332d32315432303a30343a30305a", "tag 0"),
        ("c249010000000000000000", "tag 2"),
        ("c349010000000000000000", "tag 3"),
        ("d9d9f7a0", "tag 55799"),
        ("c16130", "tag 1 without a number"),
        ("c1f5", "tag 1 without a number"),
        ("c1c100", "tag 1 without a number"),
        ("c11bffffffffffffffff", "not in the years 1 to 9999"),
        ("c1f97e00", "not in the years 1 to 9999"),
        ("c1f97c00", "not in the years 1 to 9999"),
        ("c13a7fffffff80", "follow the value"),
    ],
)
def test_what_the_protocol_does_not_have_is_refused_with_the_reason(body, why):
    with pytest.raises(CborError, match=why):
        decode(bytes.fromhex(body))


@pytest.mark.parametrize("opening", [b"\x81", b"\x9f", b"\xa1\x61a", b"\xbf\x61a", b"\xc1"], ids=bytes.hex)
@pytest.mark.parametrize("levels", [DEEPEST + 1, 100_000])
def test_a_body_that_is_nested_too_deep_is_refused(opening, levels):
    with pytest.raises(CborError, match=f"more than {DEEPEST} lists, maps and tags"):
        decode(opening * levels)


def test_a_body_may_be_nested_as_deep_as_the_limit():
    value = 1
    for _ in range(DEEPEST):
        value = [value]
    assert decode(encode(value)) == value


def test_mappings_tuples_and_subclasses_are_written_as_what_they_are():
    class Text(str):
        __slots__ = ()

    class Moment(datetime):
        pass

    value = MappingProxyType({Text("a"): (1, 2), "b": OrderedDict(c=Moment(1970, 1, 1, tzinfo=UTC))})
    assert decode(encode(value)) == {"a": [1, 2], "b": {"c": EPOCH}}


def test_a_point_in_time_keeps_its_milliseconds_and_is_read_in_utc():
    zone = timezone(timedelta(hours=5, minutes=30))
    read = decode(encode(HALF_A_SECOND.replace(microsecond=123_999).astimezone(zone)))
    assert (read, read.tzinfo) == (HALF_A_SECOND.replace(microsecond=123_000), UTC)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_what_is_less_than_a_millisecond_is_cut_off(moment):
    read = decode(b"\xc1\xfb" + struct.pack(">d", moment.timestamp()))
    assert read == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_whole_seconds_are_an_integer_and_others_a_double():
    assert encode(HALF_A_SECOND.replace(microsecond=999)).hex() == "c11a6a961580"
    assert encode(HALF_A_SECOND).hex() == "c1fb" + struct.pack(">d", HALF_A_SECOND.timestamp()).hex()


def test_a_surrogate_without_its_partner_is_replaced():
    assert decode(encode("a\ud800b")) == "a?b"


@pytest.mark.parametrize(
    "value", [2**64, -(2**64) - 1, pytest.param(object(), id="object"), {"a": {1}}], ids=repr
)
def test_a_value_that_has_no_cbor_is_refused(value):
    with pytest.raises(CborError, match="has no CBOR"):
        encode(value)


@pytest.mark.skipif(not hasattr(parsers, "RpcV2CBORParser"), reason="this botocore has no Smithy RPC v2 CBOR")
class TestBesideBotocore:
    """botocore's own codec is the other end."""

    @given(values)
    def test_botocore_reads_what_is_written(self, value):
        read = parsers.RpcV2CBORParser()._initial_body_parse(encode(value))
        half = timedelta(microseconds=500)  # botocore may read the microsecond before a whole millisecond
        assert _without_nulls(read, half) == _without_nulls(value, half)

    @given(st.binary(min_size=1, max_size=30))
    def test_what_both_read_is_equal(self, body):
        try:
            theirs = parsers.RpcV2CBORParser()._initial_body_parse(body)
            ours = decode(body)
        except Exception:  # noqa: BLE001 - botocore raises many kinds
            return
        assert _without_nulls(ours) == _without_nulls(theirs) or "nan" in repr(ours)


def _without_nulls(value, more=timedelta(0)):
    """Return a value as both codecs read it: botocore leaves out members that are null, and keeps microseconds."""
    if isinstance(value, datetime):
        return decode(encode(value + more))
    if isinstance(value, dict):
        return {key: _without_nulls(held, more) for key, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_without_nulls(held, more) for held in value]
    return value
