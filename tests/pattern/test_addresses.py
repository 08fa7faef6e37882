"""Address literals, blocks and the walk along hex digits."""

import pytest

from eventmock.pattern.addresses import AddressRange, InvalidBlock, block, hex_of_address


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("10.0.0.1", "0A000001"),
        ("010.000.0.1", "0A000001"),
        ("::ffff:a00:1", "0A000001"),
        ("::1", "0" * 31 + "1"),
        ("1::", "0001" + "0" * 28),
        ("0:0:0:0:0:0:0:00001", "0" * 31 + "1"),
        ("256.1.1.1", None),
        ("0000000010.0.0.1", None),
        ("10:30", None),
        ("1:2:3:4:5:6:7::8", None),
        ("1::2::3", None),
        (":::", None),
        (":1:2:3:4:5:6:7", None),
        ("10000::", None),
        ("::1%eth0", None),
        ("abc", None),
    ],
)
def test_a_literal_is_read_as_hex_or_is_none(text, digits):
    assert hex_of_address(text) == digits


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("10.0.0.77/24", "0A000000", "0A0000FF"),
        ("10.0.0.77/+08", "0A000000", "0AFFFFFF"),
        ("::/0", "0" * 32, "F" * 32),
        ("::1/127", "0" * 32, "0" * 31 + "1"),
    ],
)
def test_host_bits_are_ignored(text, lowest, highest):
    assert block(text) == AddressRange(lowest, highest)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10.0.0.0", "Malformed CIDR, one '/' required"),
        ("10.0.0.0/", "Malformed CIDR, one '/' required"),
        ("10.0.0.0/8/9", "Malformed CIDR, one '/' required"),
        ("x/x", "Malformed CIDR, mask bits must be an integer"),
        ("x/2147483648", "Malformed CIDR, mask bits must be an integer"),
        ("x/-1", "Malformed CIDR, mask bits must not be negative"),
        ("host/99", "Nonstandard IP address: host"),
        ("/8", "Nonstandard IP address: "),
        ("256.1.1.1/99", "Invalid IP address: 256.1.1.1"),
        (":::/8", "Invalid IP address: :::"),
        ("10.0.0.0/32", "IPv4 mask bits must be < 32"),
        ("::ffff:0:0/48", "IPv4 mask bits must be < 32"),
        ("::/128", "IPv6 mask bits must be < 128"),
    ],
)
def test_a_bad_block_is_refused_for_its_first_fault(text, reason):
    with pytest.raises(InvalidBlock) as refused:
        block(text)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("held", "digits", "expected"),
    [
        ("16.0.0.0/4", "15", True),
        ("16.0.0.0/4", "10", False),
        ("16.0.0.0/4", "1", False),
        ("16.0.0.0/4", "2", False),
        ("0.0.0.0/0", "5", True),
        ("0.0.0.0/0", "", False),
        ("16.0.0.0/4", "1:", False),
        ("1.0.0.0/9", "017FFFFF", True),
        ("1.0.0.0/9", "017FFFFE", True),
        ("1.128.0.0/9", "01800000", True),
        ("1.128.0.0/9", "018", False),
    ],
)
def test_digits_lead_into_a_range_or_not(held, digits, expected):
    assert block(held).holds(digits) is expected
