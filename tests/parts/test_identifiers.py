from __future__ import annotations

from uuid import RFC_4122, UUID

from eventmock.parts.identifiers import Identifiers


def test_equal_seeds_give_equal_identifiers():
    one, other = Identifiers(7), Identifiers(7)
    assert [one.uuid() for _ in range(5)] == [other.uuid() for _ in range(5)]


def test_other_seeds_give_other_identifiers():
    assert Identifiers(1).uuid() != Identifiers(2).uuid()


def test_a_uuid_is_of_version_4():
    for _ in range(100):
        made = UUID(Identifiers().uuid())
        assert (made.version, made.variant) == (4, RFC_4122)


def test_random_bytes_are_as_many_as_asked_for():
    assert len(Identifiers().random_bytes(32)) == 32


def test_what_was_saved_is_brought_back_after_a_clear():
    identifiers = Identifiers()
    identifiers.uuid()
    restore = identifiers.save()
    expected = identifiers.uuid()
    identifiers.clear()
    restore()
    assert identifiers.uuid() == expected
    identifiers.clear()
    assert identifiers.uuid() == Identifiers().uuid()
