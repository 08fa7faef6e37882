"""Data of coverage: combined, written and read."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from eventmock.coverage.data import CoverageData, Origin, read_file, read_text
from eventmock.exceptions import OptionError
from eventmock.services.coverage import Point, Subject, Tried

ARN = "arn:aws:sqs:us-east-1:123456789012:q"


def subject(name="r", *, identity="p", targets=(), state="ENABLED", points=("a", "b")):
    return Subject(
        kind="rule",
        account="123456789012",
        region="us-east-1",
        place="default",
        name=name,
        arn=f"arn:aws:events:us-east-1:123456789012:rule/{name}",
        identity=identity,
        definition={"EventPattern": identity, "State": state, "Targets": list(targets)},
        points=tuple(Point("value", key, key) for key in points),
    )


def data_of(*seen):
    """Data of what was tried, each with the id of the test."""
    data = CoverageData()
    for test, tried in seen:
        covered = data.of(tried.subject, None)
        covered.add_subject(tried.subject)
        covered.add_tried(tried)
        covered.tests.add(test)
    return data


SUBJECTS = st.builds(
    subject,
    st.sampled_from(["r", "s"]),
    identity=st.sampled_from(["p", "q"]),
    targets=st.lists(st.sampled_from([{"Id": "1", "Arn": ARN}, {"Id": "2", "Arn": ARN}]), max_size=1),
    state=st.sampled_from(["ENABLED", "DISABLED"]),
)
SEEN = st.tuples(
    st.sampled_from(["test_a", "test_b"]),
    st.builds(
        Tried,
        SUBJECTS,
        st.dictionaries(st.sampled_from(["matched", "refused"]), st.integers(1, 3)),
        st.sets(st.sampled_from(["a", "b"])).map(frozenset),
        st.none() | st.sampled_from(['{"x":1}', '{"x":2}', '{"x":10}']),
    ),
)


@given(st.lists(SEEN), st.lists(SEEN), st.randoms())
def test_two_halves_combined_equal_one_run(first, second, random):
    whole = data_of(*first, *second)
    halves = [data_of(*first), data_of(*second)]
    random.shuffle(halves)
    combined = CoverageData()
    for half in halves:
        combined.combine(half)
    assert combined.text() == whole.text()


@given(st.lists(SEEN))
def test_what_is_written_is_read(seen):
    data = data_of(*seen)
    assert read_text(data.text(), "a file").text() == data.text()


def test_combining_leaves_the_other_data_alone():
    one, other = (
        data_of(("t", Tried(subject(), {"matched": 1}))),
        data_of(("u", Tried(subject(), {"matched": 1}))),
    )
    before = other.text()
    one.combine(other)
    one.combine(other)
    assert other.text() == before


def test_a_point_that_was_never_tried_is_missed():
    [covered] = data_of(("t", Tried(subject(), points=["a"])))
    assert [point.key for point in covered.missed] == ["b"]


def test_a_subject_of_a_template_is_the_same_in_each_account():
    data = CoverageData()
    origin = Origin("template.yaml", "Ship", 3)
    one = data.of(subject(), origin)
    assert data.of(subject()._replace(account="222222222222"), origin) is one
    assert data.of(subject(), origin._replace(logical_id="Other")) is not one


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1, "subjects": [{}]}', '{"format": 1, "subjects": 3}']
)
def test_a_file_of_another_kind_is_refused_by_name(tmp_path, text):
    file = tmp_path / "other.json"
    file.write_text(text)
    with pytest.raises(OptionError, match=r"other\.json is not data of eventmock's coverage"):
        read_file(file)


def test_a_file_of_another_version_is_refused():
    with pytest.raises(OptionError, match=r"format 7, wanted 1"):
        read_text('{"format": 7}', "a file")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(OptionError, match=r"gone\.json: No such file"):
        read_file(tmp_path / "gone.json")


def test_the_order_of_points_does_not_depend_on_the_order_of_tests():
    def of(queue):
        place = Point("value", "/source/0", 'source "shop"', ("source", 0))
        return subject()._replace(
            points=(place, Point("delivery", f"delivery {queue}", f"{queue} gets events"))
        )

    one, other = ("t", Tried(of("b"))), ("t", Tried(of("a")))
    assert data_of(one, other).text() == data_of(other, one).text()
    [covered] = data_of(one, other)
    assert [point.key for point in covered.missed] == ["/source/0", "delivery a", "delivery b"]
