from __future__ import annotations

import pytest

from eventmock import NoSuchSchedule, OptionError


class TestSettings:
    def test_an_at_of_the_past_never_fires(self, backend, create):
        create(expression="at(2026-12-31T00:00:00)")
        backend.clock.advance(days=1)
        assert not backend.deliveries

    def test_unless_the_test_wants_it(self, backend, create):
        backend.scheduler.fires_past_at = True
        create(expression="at(2026-12-31T00:00:00)")
        [delivery] = backend.deliveries
        assert f"{delivery.scheduled_time:%Y-%m-%d}" == "2026-12-31"

    def test_a_setting_has_its_type(self, backend):
        with pytest.raises(OptionError, match=r"scheduler.fires_past_at = 'yes': wanted True or False"):
            backend.scheduler.fires_past_at = "yes"

    def test_a_misspelt_setting_is_told(self, backend):
        with pytest.raises(AttributeError, match="did you mean 'fires_past_at'"):
            backend.scheduler.fire_past_at = True

    def test_a_reset_brings_the_default_back(self, backend):
        backend.scheduler.fires_past_at = True
        backend.reset()
        assert backend.scheduler.fires_past_at is False


class TestSchedules:
    def test_they_are_those_of_all_places(self, backend, client, create, members):
        client.create_schedule_group(Name="a")
        create("s")
        create("s", GroupName="a")
        elsewhere = members("s")
        elsewhere["Target"]["Arn"] = "arn:aws:sqs:eu-west-1:123456789012:q"
        backend.client("scheduler", region="eu-west-1").create_schedule(**elsewhere)
        assert [str(one) for one in backend.scheduler.schedules] == [
            "<schedule default/s of 123456789012, eu-west-1>",
            "<schedule a/s of 123456789012, us-east-1>",
            "<schedule default/s of 123456789012, us-east-1>",
        ]

    def test_one_is_found_by_its_name_and_group(self, backend, client, create):
        client.create_schedule_group(Name="jobs")
        arn = create("s", GroupName="jobs")
        assert backend.scheduler.schedule("s", group="jobs").arn == arn

    def test_one_that_does_not_exist_is_told_with_a_similar_name(self, backend, create):
        create("nightly")
        with pytest.raises(NoSuchSchedule, match=r"Schedule nigthly does not exist. \(did you mean nightly"):
            backend.scheduler.schedule("nigthly")

    def test_one_of_another_group_is_told_with_its_group(self, backend, client, create):
        client.create_schedule_group(Name="jobs")
        create("s", GroupName="jobs")
        with pytest.raises(NoSuchSchedule, match=r"but group jobs has: give group='jobs'\)"):
            backend.scheduler.schedule("s")

    def test_group_and_name_in_one_are_told_apart(self, backend, client, create):
        client.create_schedule_group(Name="jobs")
        arn = create("s", GroupName="jobs")
        for given in ("jobs/s", arn):
            with pytest.raises(NoSuchSchedule, match=r"\(did you mean schedule\('s', group='jobs'\)\?\)"):
                backend.scheduler.schedule(given)

    @pytest.mark.parametrize("given", [{"name": 3}, {"name": None}, {"name": "s", "group": 3}])
    def test_a_name_is_a_text(self, backend, create, given):
        create()
        with pytest.raises(OptionError, match=r"backend.scheduler.schedule\(.*\): .*: wanted a text"):
            backend.scheduler.schedule(**given)

    @pytest.mark.parametrize("place", [{"region": "mars"}, {"account": "42"}])
    def test_a_place_is_checked(self, backend, create, place):
        create()
        with pytest.raises(OptionError, match=r"backend.scheduler.schedule\('s'\)"):
            backend.scheduler.schedule("s", **place)
