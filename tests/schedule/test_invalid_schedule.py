"""The two voices of a refusal."""

import pickle

from eventmock.schedule import InvalidSchedule, InvalidTimeZone


def test_str_is_what_aws_says():
    assert str(InvalidSchedule("minutes: 71 is outside 0-59")) == "Parameter ScheduleExpression is not valid."


def test_why_is_what_we_say_and_repr_shows_it():
    refusal = InvalidSchedule("minutes: 71 is outside 0-59")
    assert refusal.why == "minutes: 71 is outside 0-59"
    assert repr(refusal) == "InvalidSchedule('minutes: 71 is outside 0-59')"


def test_it_is_a_value_error():
    assert issubclass(InvalidSchedule, ValueError)


def test_it_survives_pickling():
    assert pickle.loads(pickle.dumps(InvalidSchedule("x"))).why == "x"  # noqa: S301 - made on this line


def test_a_refused_time_zone_has_two_voices_too():
    refusal = InvalidTimeZone("Europe/Berln", "Europe/Berln: did you mean Europe/Berlin?")
    assert str(refusal) == "Invalid timezone Europe/Berln."
    assert refusal.why == "Europe/Berln: did you mean Europe/Berlin?"
    assert isinstance(refusal, ValueError)
    assert str(pickle.loads(pickle.dumps(refusal))) == str(refusal)  # noqa: S301 - made on this line
