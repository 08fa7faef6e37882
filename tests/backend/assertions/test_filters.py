"""Words that an assertion does not take: the tester's own mistakes."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from eventmock import OptionError


@pytest.mark.parametrize(
    ("assertion", "filters", "text"),
    [
        ("assert_delivered", {"detial": {}}, "assert_delivered(detial=...): did you mean 'detail'?"),
        (
            "assert_not_delivered",
            {"region": "us-east-1"},
            "assert_not_delivered(region=...): "
            "there are body, bus, detail, detail_type, matching, rule, schedule, source, subscriber, target",
        ),
        ("assert_dead_lettered", {"que": "q"}, "assert_dead_lettered(que=...): did you mean 'queue'?"),
        ("assert_dropped", {"rule": None}, "assert_dropped(rule=None): wanted text"),
        (
            "assert_delivered_once",
            {"source": ["shop"]},
            "assert_delivered_once(source=['shop']): wanted text",
        ),
        (
            "assert_delivered",
            {"times": 0},
            "assert_delivered(times=0): wanted a whole number from 1; for none say assert_not_delivered(...)",
        ),
        ("assert_dropped", {"times": 0}, "assert_dropped(times=0): wanted a whole number from 1"),
        ("assert_dropped", {"times": -1}, "assert_dropped(times=-1): wanted a whole number from 1"),
        (
            "assert_dead_lettered",
            {"times": True},
            "assert_dead_lettered(times=True): wanted a whole number from 1",
        ),
        ("assert_delivered", {"times": "2"}, "assert_delivered(times='2'): wanted a whole number from 1"),
        (
            "assert_not_delivered",
            {"matching": {"detail": {"state": "PAID"}}},
            "assert_not_delivered(matching={'detail': {'state': 'PAID'}}): Event pattern is not valid. Reason: "
            '"state" must be an object or an array at [Source: (String)"{"detail": {"state": "PAID"}}"; '
            'line: 1, column: 23] (wanted values stand in a list: "state": ["..."])',
        ),
        (
            "assert_delivered",
            {"matching": {"detail": {1, 2}}},
            "assert_delivered(matching={'detail': {1, 2}}): Object of type set is not JSON serializable",
        ),
        (
            "assert_dead_lettered",
            {"error_code": "TIME_OUT"},
            "assert_dead_lettered(error_code='TIME_OUT'): did you mean 'TIMEOUT'?",
        ),
        (
            "assert_delivered_in_order",
            {},
            "assert_delivered_in_order(): wanted one of details=[...], bodies=[...]",
        ),
        (
            "assert_delivered_in_order",
            {"details": [1], "bodies": [1]},
            "assert_delivered_in_order(): wanted one of details=[...], bodies=[...]",
        ),
        (
            "assert_delivered_in_order",
            {"details": []},
            "assert_delivered_in_order(details=[]): wanted a list of at least one",
        ),
        (
            "assert_delivered_in_order",
            {"bodies": "ab"},
            "assert_delivered_in_order(bodies='ab'): wanted a list of at least one",
        ),
        (
            "assert_delivered_in_order",
            {"details": {"n": 1}},
            "assert_delivered_in_order(details={'n': 1}): wanted a list of at least one",
        ),
        (
            "assert_delivered_in_order",
            {"details": [{}], "detail": {}},
            "assert_delivered_in_order(): details and detail do not go together",
        ),
    ],
)
def test_a_wrong_word_is_told(backend, assertion, filters, text):
    with pytest.raises(OptionError) as caught:
        getattr(backend, assertion)(**filters)
    assert str(caught.value) == text


def test_a_content_that_others_have_in_common_goes_with_a_sequence(backend, rule, put):
    rule(InputPath="$.detail.n")
    put({"n": 1})
    assert len(backend.assert_delivered_in_order(bodies=[1], detail={"n": 1})) == 1


@pytest.mark.parametrize(
    "assertion",
    [
        "assert_delivered",
        "assert_delivered_once",
        "assert_not_delivered",
        "assert_dead_lettered",
        "assert_dropped",
    ],
)
def test_what_is_given_without_a_word_is_refused(backend, assertion):
    with pytest.raises(OptionError) as caught:
        getattr(backend, assertion)({"n": 1}, 2, rule="ship")
    assert str(caught.value) == (
        f"{assertion}({{'n': 1}}, 2): say what is compared: detail=..., body=... or matching=..."
    )


def test_a_sequence_without_a_word_is_refused(backend):
    with pytest.raises(OptionError) as caught:
        backend.assert_delivered_in_order([{"n": 1}])
    assert str(caught.value) == (
        "assert_delivered_in_order([{'n': 1}]): say what is compared: details=[...] or bodies=[...]"
    )


class TestSchedules:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("rule", "ship"),
            ("bus", "default"),
            ("source", "shop"),
            ("detail_type", "order"),
            ("detail", {}),
            ("matching", {"source": ["shop"]}),
        ],
    )
    def test_a_schedule_and_what_only_an_event_has_are_refused(self, backend, schedule, name, value):
        schedule()
        with pytest.raises(OptionError) as caught:
            backend.assert_not_delivered(schedule="nightly", **{name: value})
        assert str(caught.value) == (
            f"assert_not_delivered(schedule='nightly', {name}=...): no delivery has both, because a schedule "
            "of EventBridge Scheduler sends no event; what its target gets is body=..."
        )

    def test_details_in_order_are_refused(self, backend, schedule):
        schedule()
        with pytest.raises(OptionError) as caught:
            backend.assert_delivered_in_order(schedule="nightly", details=[{}])
        assert str(caught.value) == (
            "assert_delivered_in_order(): a schedule of EventBridge Scheduler sends no event: say bodies=[...]"
        )

    def test_what_only_an_event_has_never_fits_a_delivery_of_a_schedule(self, backend, rule, schedule):
        rule()
        schedule()
        for filters in (
            {"bus": "default"},
            {"source": "aws.scheduler"},
            {"detail_type": "Scheduled Event"},
            {"detail": ANY},
            {"matching": {"source": ["aws.scheduler"]}},
            {"rule": "ship"},
        ):
            backend.assert_not_delivered(**filters)
        assert backend.assert_delivered_once().schedule_name == "nightly"

    def test_a_body_fits_deliveries_of_both(self, backend, rule, schedule, put):
        rule(InputPath="$.detail")
        schedule(target={"Input": '{"n": 1}'})
        put({"n": 1})
        assert [one.schedule_name for one in backend.assert_delivered(body={"n": 1}, times=2)] == [
            "nightly",
            None,
        ]
        assert backend.assert_delivered_once(body={"n": 1}, schedule="nightly").rule_name is None
