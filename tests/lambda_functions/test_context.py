"""The context that a handler gets (lambda-and-handlers section 4)."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest

from eventmock import OptionError

SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def context_of(shop, **settings):
    seen = []
    shop.backend.lambda_function("ship", lambda _event, context: seen.append(context), **settings)
    shop.put()
    return seen[0]


def test_all_attributes_have_the_types_of_lambdas_runtime(shop):
    context = context_of(shop)
    assert context.function_name == "ship"
    assert context.function_version == "$LATEST"
    assert context.invoked_function_arn == SHIP
    assert context.memory_limit_in_mb == "128"  # 15: text
    assert re.fullmatch(UUID, context.aws_request_id)
    assert context.log_group_name == "/aws/lambda/ship"
    assert re.fullmatch(r"2026/01/01/\[\$LATEST\][0-9a-f]{32}", context.log_stream_name)
    assert (context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id) == (None, None)
    assert context.client_context is None
    assert context.tenant_id is None


@pytest.mark.parametrize(
    ("timeout", "milliseconds"), [(3, 3_000), (2.5, 2_500), (timedelta(minutes=15), 900_000)]
)
def test_the_remaining_time_is_that_until_the_timeout(shop, timeout, milliseconds):
    assert context_of(shop, timeout=timeout).get_remaining_time_in_millis() == milliseconds


def test_the_remaining_time_falls_with_the_clock_and_never_below_0(shop):
    context = context_of(shop)
    shop.backend.clock.advance(seconds=2)
    assert context.get_remaining_time_in_millis() == 1_000
    shop.backend.clock.advance(seconds=2)
    assert context.get_remaining_time_in_millis() == 0


def test_it_cannot_be_changed(shop):
    with pytest.raises(FrozenInstanceError):
        context_of(shop).function_name = "other"


class TestAlone:
    def test_a_test_may_ask_for_a_context(self, shop):
        context = shop.backend.lambda_context("ship", memory=512, timeout=10)
        assert (context.function_name, context.memory_limit_in_mb) == ("ship", "512")
        assert context.get_remaining_time_in_millis() == 10_000
        assert context.invoked_function_arn == SHIP

    def test_it_has_the_settings_of_the_function_that_the_test_has_made(self, shop):
        shop.backend.lambda_function("ship", lambda _event, _context: None, memory=256, aliases={"live": "3"})
        context = shop.backend.lambda_context("ship:live")
        assert (context.memory_limit_in_mb, context.function_version) == ("256", "3")
        assert context.invoked_function_arn == f"{SHIP}:live"

    def test_its_attributes_may_be_given(self, shop):
        assert shop.backend.lambda_context("ship", aws_request_id="id-1").aws_request_id == "id-1"

    def test_an_attribute_that_it_does_not_have_is_refused(self, shop):
        with pytest.raises(OptionError) as refused:
            shop.backend.lambda_context("ship", request_id="id-1")
        assert str(refused.value) == (
            "backend.lambda_context('ship'): request_id=...: did you mean 'aws_request_id'?"
        )

    def test_no_function_is_made_by_it(self, shop):
        shop.backend.lambda_context("ship")
        shop.put()
        assert shop.backend.deliveries[0].taken_by == "nobody"
