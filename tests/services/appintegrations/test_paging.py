"""Pages of the six List operations that have them."""

from __future__ import annotations

import pytest
from botocore import xform_name

BAD_TOKEN = "InvalidRequestException", "The NextToken is not valid."
LISTS = {
    "ListEventIntegrations": ("EventIntegrations", {}),
    "ListEventIntegrationAssociations": ("EventIntegrationAssociations", {"EventIntegrationName": "n0"}),
    "ListDataIntegrations": ("DataIntegrations", {}),
    "ListDataIntegrationAssociations": ("DataIntegrationAssociations", {"DataIntegrationIdentifier": "n0"}),
    "ListApplications": ("Applications", {}),
    "ListApplicationAssociations": ("ApplicationAssociations", {}),
}
COUNT = 51


@pytest.fixture(params=LISTS)
def listing(request, events_backend, client, operation):
    """A function that lists a page: the items, and the token or None; one run for each operation."""
    operation(request.param)
    held = events_backend.appintegrations
    held.quotas.event_integrations = held.quotas.data_integrations = held.quotas.applications = COUNT
    made = _make(request, COUNT if "Association" not in request.param else 1)
    kind = xform_name(request.param).removeprefix("list_").removesuffix("s")
    for _ in range(COUNT if "Association" in request.param else 0):
        more = {"rule": "r"} if kind.startswith("event") else {}
        getattr(held, f"add_{kind}")(made, client_id="c", **more)
    items, needed = LISTS[request.param]
    if request.param == "ListApplicationAssociations":
        needed = {"ApplicationId": made}

    def listing(one=client, **members):
        answer = getattr(one, xform_name(request.param))(**needed | members)
        assert set(answer) - {"NextToken", "ResponseMetadata"} == {items}
        return answer[items], answer.get("NextToken")

    listing.name, listing.items, listing.needed = request.param, items, needed
    return listing


def _make(request, count):
    """Make so many of what an operation lists, or lists the associations of; give a name of the last."""
    name = request.param.removeprefix("List").removesuffix("s").removesuffix("Association")
    maker = request.getfixturevalue(xform_name(name))
    made = [maker(f"n{number}") for number in range(count)]
    return made[-1][1] if name == "Application" else "n0"


def test_a_page_is_as_long_as_it_may_be(listing):
    first, token = listing()
    assert len(first) == 50
    rest, last = listing(NextToken=token)
    assert (len(rest), last) == (COUNT - 50, None)


def test_pages_follow_one_another(listing, client):
    first, token = listing(MaxResults=20)
    second, token = listing(MaxResults=20, NextToken=token)
    third, last = listing(NextToken=token)
    everything = first + second + third
    assert (len(everything), last) == (COUNT, None)
    assert len({str(sorted(one.items(), key=str)) for one in everything}) == COUNT
    pages = client.get_paginator(xform_name(listing.name)).paginate(
        **listing.needed, PaginationConfig={"PageSize": 7}
    )
    assert [one for page in pages for one in page[listing.items]] == everything


def test_a_token_is_sealed(listing, events_backend, client, error_of):
    _, token = listing(MaxResults=1)
    swapped = ("B" if token[0] == "A" else "A") + token[1:]
    for forged in ("forged", token[:-4], swapped):
        assert error_of(listing, NextToken=forged) == BAD_TOKEN
    other = "list_applications" if listing.name != "ListApplications" else "list_event_integrations"
    assert error_of(getattr(client, other), NextToken=token) == BAD_TOKEN


def test_a_token_of_elsewhere_is_refused(listing, events_backend, error_of):
    _, token = listing(MaxResults=1)
    for place in ({"account": "222222222222"}, {"region": "eu-west-1"}):
        one = events_backend.client("appintegrations", **place)
        code, _ = error_of(listing, one=one, NextToken=token)
        assert code == ("ResourceNotFoundException" if listing.needed else "InvalidRequestException")


def test_a_limit_is_from_1_to_50(listing, violations_of):
    for limit, bound in ((0, "greater than or equal to 1"), (51, "less than or equal to 50")):
        broken = violations_of(listing.name, **listing.needed, MaxResults=limit)
        assert broken == [("maxResults", f"Member must have value {bound}")]


def test_a_token_has_1_to_1000_characters(listing, violations_of):
    for token, bound in (("", "greater than or equal to 1"), ("a" * 1001, "less than or equal to 1000")):
        broken = violations_of(listing.name, **listing.needed, NextToken=token)
        assert broken == [("nextToken", f"Member must have length {bound}")]
