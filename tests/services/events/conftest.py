"""What the tests of operations share."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config


@pytest.fixture
def unchecked(events_backend):
    """A client that checks nothing itself: what is wrong reaches the service."""
    return boto3.client("events", config=Config(parameter_validation=False))


@pytest.fixture
def violation_of(error_of):
    """A function that calls and gives where one constraint is broken, and what the member must."""

    def violation_of(call, **members):
        code, message = error_of(call, **members)
        found = re.fullmatch(
            "1 validation error detected: Value (.*) failed to satisfy constraint: Member must (.*)",
            message,
            re.DOTALL,
        )
        assert (code, found and message) == ("ValidationException", message)
        return found.groups()

    return violation_of


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A List operation that has three items or more to show, and how it says no.

    Attributes:
        operation: Its name in snake case.
        items: The member that is listed.
        filters: What makes it another list, of two items at least.
        needed: What the operation asks for.
        limit: The member that limits a page.
        refusal: Of a token, as code and message.
        expiry: Of a token that is too old, as code and message; None if it is refused as any other.
        elsewhere: What another account or region answers before it looks at a token; None if nothing.
    """

    operation: str
    items: str
    filters: dict[str, Any]
    needed: dict[str, Any] = field(default_factory=dict)
    limit: str = "Limit"
    refusal: tuple[str, str] = ("ValidationException", "Parameter NextToken is not valid.")
    expiry: tuple[str, str] | None = None
    elsewhere: tuple[str, str] | None = None

    def page(self, client, size=None, **members):
        """One page: the items, and the token or None."""
        limit = {} if size is None else {self.limit: size}
        answer = getattr(client, self.operation)(**self.needed | limit | members)
        assert set(answer) - {"NextToken", "ResponseMetadata"} == {self.items}
        return answer[self.items], answer.get("NextToken")

    def token(self, client, **members):
        """The token after the first item."""
        return self.page(client, 1, **members)[1]

    def refused(self, client, token, error_of, **members):
        """Whether a token is refused."""
        call = getattr(client, self.operation)
        return error_of(call, **self.needed | members, NextToken=token) == self.refusal


def pages_follow_one_another(listing, events_backend):
    client = events_backend.client()
    everything, token = listing.page(client)
    assert len(everything) >= 3
    assert token is None
    first, token = listing.page(client, 2)
    rest, last = listing.page(client, 5, NextToken=token)
    assert (len(first), last) == (2, None)
    assert first + rest == everything


def a_full_last_page_has_no_token(listing, events_backend):
    client = events_backend.client()
    everything, _ = listing.page(client)
    assert listing.page(client, len(everything)) == (everything, None)


def a_filter_is_kept_from_page_to_page(listing, events_backend):
    client = events_backend.client()
    everything, _ = listing.page(client, **listing.filters)
    first, token = listing.page(client, 1, **listing.filters)
    rest, last = listing.page(client, NextToken=token, **listing.filters)
    assert (first + rest, last) == (everything, None)


def a_forged_token_is_refused(listing, events_backend, error_of):
    client = events_backend.client()
    token = listing.token(client)
    swapped = ("B" if token[0] == "A" else "A") + token[1:]
    for forged in ("forged", "é", "AAAA" + token, token[:-4], swapped):
        assert listing.refused(client, forged, error_of), forged


def a_token_of_other_filters_is_refused(listing, events_backend, error_of):
    client = events_backend.client()
    assert listing.refused(client, listing.token(client), error_of, **listing.filters)
    assert listing.refused(client, listing.token(client, **listing.filters), error_of)


def a_token_of_another_operation_is_refused(listing, events_backend, error_of):
    client = events_backend.client()
    if listing.operation == "list_event_buses":
        for name in "ab":
            client.put_rule(Name=name, EventPattern='{"source": ["x"]}')
        token = client.list_rules(Limit=1)["NextToken"]
    else:
        client.create_event_bus(Name="one-more")
        token = client.list_event_buses(Limit=1)["NextToken"]
    assert listing.refused(client, token, error_of)


def a_token_of_another_account_or_region_is_refused(listing, events_backend, error_of):
    token = listing.token(events_backend.client())
    for elsewhere in ({"account": "222222222222"}, {"region": "eu-west-1"}):
        call = getattr(events_backend.client(**elsewhere), listing.operation)
        assert error_of(call, **listing.needed, NextToken=token) == (listing.elsewhere or listing.refusal)


def a_token_lasts_a_day(listing, events_backend, error_of, pass_time):
    client = events_backend.client()
    token = listing.token(client)
    pass_time(hours=24)
    assert listing.page(client, NextToken=token)[0] == listing.page(client)[0][1:]
    pass_time(seconds=1)
    call = getattr(client, listing.operation)
    assert error_of(call, **listing.needed, NextToken=token) == (listing.expiry or listing.refusal)


def a_limit_is_from_1_to_100(listing, unchecked, violation_of):
    call = getattr(unchecked, listing.operation)
    where = listing.limit[0].lower() + listing.limit[1:]
    for limit, bound in ((0, "greater than or equal to 1"), (101, "less than or equal to 100")):
        broken = violation_of(call, **listing.needed, **{listing.limit: limit})
        assert broken == (f"'{limit}' at '{where}'", f"have value {bound}")


def an_empty_token_is_none(listing, unchecked, violation_of):
    broken = violation_of(getattr(unchecked, listing.operation), **listing.needed, NextToken="")
    assert broken == ("'' at 'nextToken'", "have length greater than or equal to 1")


FACTS = (
    pages_follow_one_another,
    a_full_last_page_has_no_token,
    a_filter_is_kept_from_page_to_page,
    a_forged_token_is_refused,
    a_token_of_other_filters_is_refused,
    a_token_of_another_operation_is_refused,
    a_token_of_another_account_or_region_is_refused,
    a_token_lasts_a_day,
    a_limit_is_from_1_to_100,
    an_empty_token_is_none,
)


@pytest.fixture(params=FACTS, ids=lambda fact: fact.__name__)
def paging(request):
    """A function that proves one fact about the pages of a List operation; the test runs once for each fact.

    The test needs a clock that stands. What a fact needs beside the listing are fixtures.
    """

    def paging(operation, items, **more):
        fact = request.param
        _, *fixtures = inspect.signature(fact).parameters
        given = {name: request.getfixturevalue(name) for name in fixtures}
        fact(Listing(operation=operation, items=items, **more), **given)

    return paging
