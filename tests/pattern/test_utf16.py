"""Text as Java sees it."""

from eventmock.pattern.utf16 import utf16_length, utf16_order, with_pairs_joined, without_half_pairs


def test_a_character_beyond_the_bmp_is_two_units():
    assert (utf16_length("a"), utf16_length("a😀é")) == (1, 4)


def test_order_is_that_of_units():
    assert sorted(["\uffff", "😀"], key=utf16_order) == ["😀", "\uffff"]


def test_halves_that_meet_are_one_character_and_others_become_question_marks():
    assert with_pairs_joined("\ud83d\ude00") == "😀"
    assert with_pairs_joined("é") == "é"
    assert without_half_pairs("\ud83d\ude00\ud83dx") == "😀?x"
