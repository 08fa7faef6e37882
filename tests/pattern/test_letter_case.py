"""Forms of single letters."""

from eventmock.pattern.letter_case import case_forms, has_case


def test_a_letter_has_its_lower_and_its_upper_form():
    assert case_forms("K") == ("k", "K")
    assert case_forms("ß") == ("ß", "SS")


def test_what_has_no_case_has_one_form():
    assert case_forms(":") == (":",)
    assert not has_case(":")
    assert not has_case("\U00010400")
