"""A shop that works is broken in 28 ways, one by one. What a test of the team then prints says what is wrong.

The shop is plain application code, in the modules beside this one. `test_shop.py` has the team's tests, which pass.
"""

# ruff: noqa: E501 - texts are as they are printed

from __future__ import annotations

import json

from . import handlers, infrastructure, publisher, test_shop as team
from .infrastructure import BUS, LARGE_ORDERS, PAID_ORDERS, PAYMENTS, TITLE_AND_ORDER
from .orders import Parcel
from .publisher import Publisher

# The event and the pattern do not fit.


def test_a_typo_in_a_value_of_a_pattern(told):
    pattern = PAID_ORDERS | {"detail": {"state": ["PIAD"]}}
    text = told(team.test_a_paid_order_is_shipped, infrastructure, PAID_ORDERS=pattern)
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"detail": {"number": [7]}}
  16:00:00  Order Paid from shop.orders on "shop"
      rule ship-paid-orders did not match: detail.state held "PAID", wanted one of ["PIAD"]
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            ship-paid-orders     no match   detail.state held "PAID", wanted one of ["PIAD"]
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted


def test_another_detail_type(told):
    pattern = PAID_ORDERS | {"detail-type": ["order paid"]}
    text = told(team.test_a_paid_order_is_shipped, infrastructure, PAID_ORDERS=pattern)
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"detail": {"number": [7]}}
  16:00:00  Order Paid from shop.orders on "shop"
      rule ship-paid-orders did not match: detail-type held "Order Paid", wanted one of ["order paid"] (they differ only in case; see {"equals-ignore-case": ...})
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            ship-paid-orders     no match   detail-type held "Order Paid", wanted one of ["order paid"] (they differ only in case; see {"equals-ignore-case": ...})
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted


def test_detail_type_with_an_underscore(told):
    pattern = {"source": ["shop.orders"], "detail_type": ["Order Paid"]}
    text = told(team.test_a_paid_order_is_shipped, infrastructure, PAID_ORDERS=pattern)
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"detail": {"number": [7]}}
  16:00:00  Order Paid from shop.orders on "shop"
      rule ship-paid-orders did not match: detail_type is absent, wanted one of ["Order Paid"] (no event has a field 'detail_type': did you mean 'detail-type'?)
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            ship-paid-orders     no match   detail_type is absent, wanted one of ["Order Paid"] (no event has a field 'detail_type': did you mean 'detail-type'?)
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted


def test_a_number_in_quotes_in_a_pattern(told):
    pattern = PAID_ORDERS | {"detail": {"number": ["7"]}}
    text = told(team.test_a_paid_order_is_shipped, infrastructure, PAID_ORDERS=pattern)
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"detail": {"number": [7]}}
  16:00:00  Order Paid from shop.orders on "shop"
      rule ship-paid-orders did not match: detail.number held 7, wanted one of ["7"] (the event has 7 without quotes, the pattern wants it in quotes)
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            ship-paid-orders     no match   detail.number held 7, wanted one of ["7"] (the event has 7 without quotes, the pattern wants it in quotes)
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted


def test_a_number_that_is_sent_as_text(told):
    class TotalAsText(Publisher):
        def entry(self, detail_type, detail):
            return super().entry(detail_type, detail | {"total": str(detail.get("total"))})

    text = told(team.test_a_large_order_is_reviewed, publisher, Publisher=TotalAsText)
    wanted = """\
AssertionError: nothing was delivered to lambda function:review with body {"title": "Order 8 of Bob", "order": {"number": 8, "customer": "Bob...
  16:00:00  Order Paid from shop.orders on "shop"
      rule review-large-orders did not match: detail.total held "2500", wanted numeric >= 1000 (the event has the text "2500", and numeric compares numbers)
  16:00:00  Order Shipped from shop.orders on "shop"
      rule review-large-orders did not match: detail-type held "Order Shipped", wanted one of ["Order Paid"]
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held "2500", wanted numeric >= 1000 (the event has the text "2500", and numeric compares numbers)
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   delivered
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


def test_the_list_around_a_matcher_is_forgotten(told):
    pattern = LARGE_ORDERS | {"detail": {"total": {"numeric": [">=", 1000]}}}
    text = told(team.test_a_large_order_is_reviewed, infrastructure, LARGE_ORDERS=pattern)
    wanted = """\
AssertionError: nothing was delivered to lambda function:review with body {"title": "Order 8 of Bob", "order": {"number": 8, "customer": "Bob...
  16:00:00  Order Paid from shop.orders on "shop"
      rule review-large-orders did not match: detail.total.numeric is absent, wanted one of [">=", 1000] (an operator stands in a list: "total": [{"numeric": ...}])
  16:00:00  Order Shipped from shop.orders on "shop"
      rule review-large-orders did not match: detail-type held "Order Shipped", wanted one of ["Order Paid"]
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total.numeric is absent, wanted one of [">=", 1000] (an operator stands in a list: "total": [{"numeric": ...}])
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   delivered
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


def test_the_list_around_a_value_is_forgotten(told):
    pattern = PAID_ORDERS | {"source": "shop.orders"}
    text = told(team.test_a_paid_order_is_shipped, infrastructure, PAID_ORDERS=pattern)
    wanted = """\
InvalidEventPatternException: An error occurred (InvalidEventPatternException) when calling the PutRule operation: Event pattern is not valid. Reason: "source" must be an object or an array
 at [Source: (String)"{"source": "shop.orders", "detail-type": ["Order Paid"], "detail": {"state": ["PAID"]}}"; line: 1, column: 13]
----- eventmock (eu-west-1) -----
no event was put
16:00:00  PutRule of 123456789012 in eu-west-1 was refused: InvalidEventPatternException: Event pattern is not valid. Reason: "source" must be an object or an array  at [Source: (String)"{"source": "shop.orders", "detail-type": ["Order Paid"], "detail": {"state": ["PAID"]}}"; line: 1, column: 13] (wanted values stand in a list: "source": ["..."])
"""
    assert text == wanted


def test_a_rule_is_disabled(told):
    text = told(team.test_a_paid_order_is_shipped, infrastructure, STATE="DISABLED")
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"detail": {"number": [7]}}
  16:00:00  Order Paid from shop.orders on "shop"
      rule ship-paid-orders did not match: the rule is DISABLED; its pattern matches
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                no match   the rule is DISABLED; its pattern matches
            restock-tea          no match   the rule is DISABLED; source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   the rule is DISABLED; detail.total held 30, wanted numeric >= 1000
            ship-paid-orders     no match   the rule is DISABLED; its pattern matches
            tell-the-carrier     no match   the rule is DISABLED; detail-type held "Order Paid", wanted one of ["Order Shipped"]
            on "audit" of 333333333333 in eu-west-1 it would match keep
            nothing was delivered; PutEvents still reported success, as AWS does
"""
    assert text == wanted


# The event goes elsewhere.


def test_another_bus(told):
    class Misspelt(Publisher):
        def __init__(self, bus, region):
            super().__init__("shpo", region)

    text = told(team.test_a_paid_order_is_shipped, publisher, Publisher=Misspelt)
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"detail": {"number": [7]}}
  16:00:00  Order Paid from shop.orders on "shpo"
      went nowhere: there is no event bus 'shpo' in 123456789012, eu-west-1; there are aws.partner/payments.example/shop/events, default, shop. Did you mean 'shop'?
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shpo"
            dropped: there is no event bus 'shpo' in 123456789012, eu-west-1; there are aws.partner/payments.example/shop/events, default, shop. Did you mean 'shop'?
            on "shop" it would match audit, ship-paid-orders
            on "audit" of 333333333333 in eu-west-1 it would match keep
            PutEvents still reported success, as AWS does
"""
    assert text == wanted


def test_the_event_bus_name_is_left_out_of_put_events(told):
    class OnDefault(Publisher):
        def __init__(self, bus, region):
            super().__init__("default", region)

    text = told(team.test_an_order_may_have_a_long_note, publisher, Publisher=OnDefault)
    wanted = """\
StrictFailure: strict={'refused', 'dropped', 'unmatched', 'nobody', 'handlers'}, and
  unmatched: <Order Paid from shop.orders on 'default': did not match the only rule on 'default'>
    daily-report: the rule has no pattern, only the schedule cron(0 17 ? * MON-FRI *), first on Fri 2026-03-06 17:00
    on "shop" it would match audit, ship-paid-orders
    on "audit" of 333333333333 in eu-west-1 it would match keep
    To do: correct the event or the pattern, or put a rule that matches.
A test that means it to be so says strict={'refused', 'dropped', 'nobody', 'handlers'}.
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "default"   1 rule
            daily-report  no match   the rule has no pattern, only the schedule cron(0 17 ? * MON-FRI *), first on Fri 2026-03-06 17:00
            on "shop" it would match audit, ship-paid-orders
            on "audit" of 333333333333 in eu-west-1 it would match keep
            nothing was delivered; PutEvents still reported success, as AWS does
"""
    assert text == wanted


def test_another_region(told):
    class InFrankfurt(Publisher):
        def __init__(self, bus, region):
            super().__init__(bus, "eu-central-1")

    text = told(team.test_a_paid_order_is_shipped, publisher, Publisher=InFrankfurt)
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"detail": {"number": [7]}}
  16:00:00  Order Paid from shop.orders on "shop" in eu-central-1
      went nowhere: there is no event bus 'shop' in 123456789012, eu-central-1; there are default. There is a bus 'shop' in eu-west-1 of 123456789012
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop" in eu-central-1
            dropped: there is no event bus 'shop' in 123456789012, eu-central-1; there are default. There is a bus 'shop' in eu-west-1 of 123456789012
            on "shop" of 123456789012 in eu-west-1 it would match audit, ship-paid-orders
            on "audit" of 333333333333 in eu-west-1 it would match keep
            PutEvents still reported success, as AWS does
"""
    assert text == wanted


def test_another_account_may_not_put_events_on_the_bus(told):
    text = told(team.test_the_warehouse_may_put_events, infrastructure, allow=lambda *_: None)
    wanted = """\
AssertionError: assert 1 == 0
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Stock Counted from warehouse on "shop"
            refused: AccessDeniedException: User: arn:aws:iam::222222222222:root is not authorized to perform: events:PutEvents on resource: arn:aws:events:eu-west-1:123456789012:event-bus/shop because no resource-based policy allows the events:PutEvents action
            the bus has no policy; put_permission(...) lets 222222222222 put events there
"""
    assert text == wanted


def test_a_rule_may_not_put_events_on_the_bus_of_another_account(told):
    text = told(team.test_the_auditors_get_paid_orders, infrastructure, allow=lambda *_: None)
    wanted = """\
AssertionError: rule keep delivered nothing on "audit"
  16:00:00  Order Paid from shop.orders on "shop"
      rule keep did not see it: the rule is on "audit" of 333333333333, the event came on "shop" of 123456789012; rule audit leads there: dropped: NO_PERMISSIONS: Lack of permissions to invoke cross account target. (User: arn:aws:iam::123456789012:root is not authorized to perform: events:PutEvents on resource: arn:aws:events:eu-west-1:333333333333:event-bus/audit because no resource-based policy allows the events:PutEvents action; the bus has no policy; put_permission(...) lets 123456789012 put events there); there is no dead-letter queue, so the event is lost
      bus was "shop", wanted "audit"
  16:00:00  Order Shipped from shop.orders on "shop"
      rule keep did not see it: the rule is on "audit" of 333333333333, the event came on "shop" of 123456789012; rule audit leads there, but did not match: detail-type held "Order Shipped", wanted one of ["Order Paid"]
      bus was "shop", wanted "audit"
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   dropped: NO_PERMISSIONS: Lack of permissions to invoke cross account target. (User: arn:aws:iam::123456789012:root is not authorized to perform: events:PutEvents on resource: arn:aws:events:eu-west-1:333333333333:event-bus/audit because no resource-based policy allows the events:PutEvents action; the bus has no policy; put_permission(...) lets 123456789012 put events there); there is no dead-letter queue, so the event is lost
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   delivered
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


# PutEvents refuses.


def test_detail_is_json_twice(told):
    class Twice(Publisher):
        def entry(self, detail_type, detail):
            return super().entry(detail_type, json.dumps(detail))

    text = told(team.test_a_paid_order_is_shipped, publisher, Publisher=Twice)
    wanted = """\
NotPublishedError: 1 events were refused: MalformedDetail: Detail is malformed.
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"
            refused: MalformedDetail: Detail is malformed.
            a Detail must be a JSON object, not a string; the string holds a JSON object: json.dumps(...) was called twice
"""
    assert text == wanted


def test_detail_is_a_dictionary(told):
    class NoJson(Publisher):
        def entry(self, detail_type, detail):
            return super().entry(detail_type, detail) | {"Detail": detail}

    text = told(team.test_a_paid_order_is_shipped, publisher, Publisher=NoJson)
    wanted = """\
ParamValidationError: Parameter validation failed:
Invalid type for parameter Entries[0].Detail, value: {'number': 7, 'customer': 'Ada', 'total': 30, 'lines': ({'article': 'tea', 'quantity': 2}, {'article': 'pot', 'quantity': 1}), 'note': '', 'state': 'PAID'}, type: <class 'dict'>, valid types: <class 'str'>
----- eventmock (eu-west-1) -----
no event was put
"""
    assert text == wanted


def test_detail_is_too_large(told):
    class WithPicture(Publisher):
        def entry(self, detail_type, detail):
            return super().entry(detail_type, detail | {"picture": "x" * 1_000_000})

    text = told(team.test_an_order_may_have_a_long_note, publisher, Publisher=WithPicture)
    wanted = """\
ClientError: An error occurred (ValidationException) when calling the PutEvents operation: Total size of the entries in the request is over the limit.
----- eventmock (eu-west-1) -----
no event was put
16:00:00  PutEvents of 123456789012 in eu-west-1 was refused: ValidationException: Total size of the entries in the request is over the limit. (they have 1,095,205 bytes, and 1,048,576 is the most; see backend.quotas.put_events_bytes)
"""
    assert text == wanted


def test_a_batch_of_eleven(told):
    text = told(team.test_all_orders_of_a_busy_hour_are_published, publisher, BATCH=11)
    entry = (
        "PutEventsRequestEntry(time=Fri Mar 06 15:30:00 UTC 2026, source=shop.orders, resources=null, "
        'detailType=Order Paid, detail={"number": 7, "customer": "Ada", "total": 30, "lines": [{"article": "tea", '
        '"quantity": 2}, {"article": "pot", "quantity": 1}], "note": "", "state": "PAID"}, eventBusName=shop, '
        "traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)"
    )
    wanted = f"""\
ClientError: An error occurred (ValidationException) when calling the PutEvents operation: 1 validation error detected: Value '[{", ".join([entry] * 11)}]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10
----- eventmock (eu-west-1) -----
no event was put
16:00:00  PutEvents of 123456789012 in eu-west-1 was refused: ValidationException: 1 validation error: Member must have length less than or equal to 10, but entries has 11 elements
"""
    assert text == wanted


def test_a_source_that_begins_with_aws(told):
    class LikeAws(Publisher):
        def __init__(self, bus, region):
            super().__init__(bus, region, "aws.shop")

    text = told(team.test_a_paid_order_is_shipped, publisher, Publisher=LikeAws)
    wanted = """\
NotPublishedError: 1 events were refused: NotAuthorizedForSourceException: Not authorized for the source.
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from aws.shop on "shop"
            refused: NotAuthorizedForSourceException: Not authorized for the source.
            a Source that begins with 'aws.' is for AWS's own services; choose another one than 'aws.shop', or have the test send it: backend.emit(...)
"""
    assert text == wanted


def test_a_naive_datetime(told, new_york):
    text = told(team.test_an_event_has_the_time_of_the_payment, publisher, ZONE=None)
    wanted = """\
AssertionError: nothing was delivered to lambda function:ship matching {"time": ["2026-03-06T15:30:00Z"]}
  16:00:00  Order Paid from shop.orders on "shop": rule ship-paid-orders -> lambda function:ship
      time held "2026-03-06T10:30:00Z", wanted one of ["2026-03-06T15:30:00Z"]
  16:00:00  Order Shipped from shop.orders on "shop"
      rule ship-paid-orders did not match: detail-type held "Order Shipped", wanted one of ["Order Paid"]
      time held "2026-03-06T16:00:00Z", wanted one of ["2026-03-06T15:30:00Z"]
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
            its Time was a naive datetime, and botocore takes that as UTC: 2026-03-06 10:30:00Z. As local time it would be 2026-03-06 15:30:00Z; datetime.now(UTC) says which is meant
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   delivered
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


# The set-up is refused, or says something else than was meant.


def test_weekdays_as_numbers(told):
    cron = "cron(0 17 ? * 1-5 *)"
    text = told(team.test_on_friday_evening_a_report_is_written, infrastructure, END_OF_WORK=cron)
    wanted = """\
AssertionError: nothing was delivered to lambda function:report
  rule daily-report waits for its schedule, cron(0 17 ? * 1-5 *): next Sun 2026-03-08 17:00:00; the clock stands at 2026-03-06 18:00:00; day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday
  no event was put
----- eventmock (eu-west-1) -----
no event was put
"""
    assert text == wanted


def test_a_cron_expression_without_a_question_mark(told):
    cron = "cron(0 17 * * MON-FRI *)"
    text = told(team.test_on_friday_evening_a_report_is_written, infrastructure, END_OF_WORK=cron)
    wanted = """\
ClientError: An error occurred (ValidationException) when calling the PutRule operation: Parameter ScheduleExpression is not valid.
----- eventmock (eu-west-1) -----
no event was put
16:00:00  PutRule of 123456789012 in eu-west-1 was refused: ValidationException: Parameter ScheduleExpression is not valid. (day-of-month and day-of-week: * and MON-FRI are both set; wanted ? in exactly one of them, such as ? and MON-FRI)
"""
    assert text == wanted


def test_one_rule_too_many(told):
    articles = [f"tea-{number}" for number in range(300)]
    text = told(team.test_a_paid_order_is_shipped, infrastructure, ARTICLES=articles)
    wanted = """\
LimitExceededException: An error occurred (LimitExceededException) when calling the PutRule operation: The requested resource exceeds the maximum number allowed.
----- eventmock (eu-west-1) -----
no event was put
16:00:00  PutRule of 123456789012 in eu-west-1 was refused: LimitExceededException: The requested resource exceeds the maximum number allowed. (the quota rules_per_event_bus is 300, and bus "shop" of account 123456789012 in eu-west-1 would have 301; a test that wants more says backend.quotas.rules_per_event_bus = 301)
"""
    assert text == wanted


def test_the_event_bus_name_is_left_out_of_put_targets(told):
    def make_rule(events, name, pattern, target):
        events.put_rule(Name=name, EventBusName=BUS, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, Targets=[target])

    text = told(team.test_a_paid_order_is_shipped, infrastructure, make_rule=make_rule)
    wanted = """\
ResourceNotFoundException: An error occurred (ResourceNotFoundException) when calling the PutTargets operation: Rule ship-paid-orders does not exist on EventBus default.
----- eventmock (eu-west-1) -----
no event was put
16:00:00  PutTargets of 123456789012 in eu-west-1 was refused: ResourceNotFoundException: Rule ship-paid-orders does not exist on EventBus default. (there is a rule 'ship-paid-orders' on "shop": EventBusName is left out, or is that of another bus)
"""
    assert text == wanted


def test_a_partner_s_bus_has_another_name(told):
    name = "aws.partner/payments.example/shop/event"
    text = told(team.test_an_order_whose_payment_failed_is_stopped, infrastructure, PAYMENTS=name)
    wanted = """\
ClientError: An error occurred (ValidationException) when calling the CreateEventBus operation: EventBus name starting with 'aws.' is not valid.
----- eventmock (eu-west-1) -----
no event was put
16:00:00  CreateEventBus of 123456789012 in eu-west-1 was refused: ValidationException: EventBus name starting with 'aws.' is not valid. (no partner offers an event source of that name to 123456789012 in eu-west-1; did you mean 'aws.partner/payments.example/shop/events'?)
"""
    assert text == wanted


def test_a_partner_s_bus_without_its_event_source(told):
    def accept_payments(events):
        events.create_event_bus(Name=PAYMENTS)

    test = team.test_an_order_whose_payment_failed_is_stopped
    text = told(test, infrastructure, accept_payments=accept_payments)
    wanted = """\
ClientError: An error occurred (ValidationException) when calling the CreateEventBus operation: Event bus name must not contain '/'.
----- eventmock (eu-west-1) -----
no event was put
16:00:00  CreateEventBus of 123456789012 in eu-west-1 was refused: ValidationException: Event bus name must not contain '/'. (the bus of a partner's event source needs EventSourceName='aws.partner/payments.example/shop/events')
"""
    assert text == wanted


# The target gets something else, or nothing.


def test_a_template_has_a_text_without_quotes(told):
    changed = TITLE_AND_ORDER | {"InputTemplate": '{"title": Order <number> of <by>, "order": <order>}'}
    text = told(team.test_a_large_order_is_reviewed, infrastructure, TITLE_AND_ORDER=changed)
    wanted = """\
AssertionError: nothing was delivered to lambda function:review with body {"title": "Order 8 of Bob", "order": {"number": 8, "customer": "Bob...
  16:00:00  Order Paid from shop.orders on "shop": rule review-large-orders -> lambda function:review
      dropped: INVALID_JSON: the rendered InputTemplate is not JSON at line 1, column 11: 'Order 8 of "Bob", "o...' stands where a JSON value should; in the template, Order <number> of <by> needs double quotes around it; there is no dead-letter queue, so the event is lost
      body held "{\\"title\\": Order 8 of \\"Bob\\", \\"order\\": {\\"number\\":8..., wanted {"title": "Order 8 of Bob", "order": {"number": 8, "custo...
  16:00:00  Order Shipped from shop.orders on "shop"
      rule review-large-orders did not match: detail-type held "Order Shipped", wanted one of ["Order Paid"]
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            review-large-orders  match      -> lambda function:review   dropped: INVALID_JSON: the rendered InputTemplate is not JSON at line 1, column 11: 'Order 8 of "Bob", "o...' stands where a JSON value should; in the template, Order <number> of <by> needs double quotes around it; there is no dead-letter queue, so the event is lost
                                            rendered: {"title": Order 8 of "Bob", "order": {"number":8,"customer":"Bob","total":2500,"lines":[{"article":"...
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   delivered
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


def test_a_template_has_an_object_in_quotes(told):
    changed = TITLE_AND_ORDER | {"InputTemplate": '{"title": "Order <number> of <by>", "order": "<order>"}'}
    text = told(team.test_a_large_order_is_reviewed, infrastructure, TITLE_AND_ORDER=changed)
    wanted = """\
AssertionError: nothing was delivered to lambda function:review with body {"title": "Order 8 of Bob", "order": {"number": 8, "customer": "Bob...
  16:00:00  Order Paid from shop.orders on "shop": rule review-large-orders -> lambda function:review
      dropped: INVALID_JSON: the rendered InputTemplate is not JSON at line 1, column 41: 'number":8,"customer"...' stands where ',' or '}' should; <order> is an object within quotes: take the quotes away; there is no dead-letter queue, so the event is lost
      body held "{\\"title\\": \\"Order 8 of Bob\\", \\"order\\": \\"{\\"number\\"..., wanted {"title": "Order 8 of Bob", "order": {"number": 8, "custo...
  16:00:00  Order Shipped from shop.orders on "shop"
      rule review-large-orders did not match: detail-type held "Order Shipped", wanted one of ["Order Paid"]
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            review-large-orders  match      -> lambda function:review   dropped: INVALID_JSON: the rendered InputTemplate is not JSON at line 1, column 41: 'number":8,"customer"...' stands where ',' or '}' should; <order> is an object within quotes: take the quotes away; there is no dead-letter queue, so the event is lost
                                            rendered: {"title": "Order 8 of Bob", "order": "{"number":8,"customer":"Bob","total":2500,"lines":[{"article":...
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   delivered
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


def test_a_path_of_a_transformer_is_wrong(told):
    paths = TITLE_AND_ORDER["InputPathsMap"] | {"by": "$.detail.customer.name"}
    changed = TITLE_AND_ORDER | {"InputPathsMap": paths}
    text = told(team.test_a_large_order_is_reviewed, infrastructure, TITLE_AND_ORDER=changed)
    wanted = """\
AssertionError: nothing was delivered to lambda function:review with body {"title": "Order 8 of Bob", "order": {"number": 8, "customer": "Bob...
  16:00:00  Order Paid from shop.orders on "shop": rule review-large-orders -> lambda function:review
      <by>, $.detail.customer.name leads nowhere in the event
      body.title held "Order 8 of ", wanted "Order 8 of Bob"
  16:00:00  Order Shipped from shop.orders on "shop"
      rule review-large-orders did not match: detail-type held "Order Shipped", wanted one of ["Order Paid"]
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            review-large-orders  match      -> lambda function:review   delivered; the function succeeded
                                            <by>, $.detail.customer.name leads nowhere in the event
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   delivered
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


def test_a_template_has_an_unknown_variable(told):
    changed = TITLE_AND_ORDER | {
        "InputTemplate": '{"title": "Order <number> of <customer>", "order": <order>}'
    }
    text = told(team.test_a_large_order_is_reviewed, infrastructure, TITLE_AND_ORDER=changed)
    wanted = """\
ClientError: An error occurred (ValidationException) when calling the PutTargets operation: InputTemplate for target review contains invalid placeholder customer.
----- eventmock (eu-west-1) -----
no event was put
16:00:00  PutTargets of 123456789012 in eu-west-1 was refused: ValidationException: InputTemplate for target review contains invalid placeholder customer. (<customer> is neither reserved nor a key of InputPathsMap (its keys: by, number, order))
"""
    assert text == wanted


def test_a_path_parameter_of_an_api_destination_is_missing(told):
    text = told(team.test_the_carrier_is_told_of_a_parcel, infrastructure, CARRIER_PATH=[])
    wanted = """\
ValueError: not enough values to unpack (expected 1, got 0)
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   delivered; the function succeeded
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
16:00:00  PutEvents  Order Shipped from shop.orders on "shop"   5 rules
            tell-the-carrier     match      -> events api-destination/carrier   dropped: INVALID_PARAMETER: https://api.carrier.example/parcels/* wants as many PathParameterValues as it has *: 1, not 0; there is no dead-letter queue, so the event is lost
            audit                no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
            ship-paid-orders     no match   detail-type held "Order Shipped", wanted one of ["Order Paid"]
"""
    assert text == wanted


def test_a_target_has_no_dead_letter_queue(told):
    test = team.test_an_order_that_cannot_be_shipped_is_not_lost
    text = told(test, infrastructure, DEAD_LETTERS=None)
    wanted = """\
OptionError: assert_dead_lettered(queue='dead-letters'): there is no dead-letter queue at all: no target has a DeadLetterConfig
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   dropped: NO_PERMISSIONS: AccessDeniedException: injected by the test; there is no dead-letter queue, so the event is lost
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted


def ship_without_detail(event, context):
    parcel = Parcel.of(event)
    return {"parcel": parcel.number, "pieces": parcel.pieces}


def test_a_bug_in_a_handler(told):
    text = told(team.test_a_parcel_has_all_pieces, handlers, ship=ship_without_detail)
    wanted = """\
KeyError: 'lines'
The above exception was the direct cause of the following exception:
AssertionError: lambda function:ship was invoked once, never with condition Success, wanted once
  2026-03-06 16:00:00  Order Paid from shop.orders: detail {"number": 7, "customer": "Ada", "total": 30, "lines": [{"article": "tea", "quantity": 2}, {"article": "pot", "quantity": 1}], "note": "", "state": "PAID"}
      attempt 1 of 3 failed: KeyError: 'lines'
        at test_breaks.py in ship_without_detail: parcel = Parcel.of(event)
        at orders.py in of: pieces = sum(line["quantity"] for line in detail["lines"])
      pending after 1 attempt, next 2026-03-06 16:01:00
      to have it tried: backend.clock.advance(seconds=60)
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   delivered
                                            attempt 1 of 3 failed: KeyError: 'lines'
                                              at test_breaks.py in ship_without_detail: parcel = Parcel.of(event)
                                              at orders.py in of: pieces = sum(line["quantity"] for line in detail["lines"])
                                            pending after 1 attempt, next 2026-03-06 16:01:00
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted


def test_a_bug_in_a_handler_when_the_test_looks_at_something_else(told):
    text = told(team.test_the_carrier_is_told_of_a_parcel, handlers, ship=ship_without_detail)
    wanted = """\
ValueError: not enough values to unpack (expected 1, got 0)
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   delivered
                                            attempt 1 of 3 failed: KeyError: 'lines'
                                              at test_breaks.py in ship_without_detail: parcel = Parcel.of(event)
                                              at orders.py in of: pieces = sum(line["quantity"] for line in detail["lines"])
                                            pending after 1 attempt, next 2026-03-06 16:01:00
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted


def test_a_bug_in_a_handler_when_the_delivery_is_what_the_test_looks_at(told):
    text = told(team.test_a_paid_order_is_shipped, handlers, ship=ship_without_detail)
    wanted = """\
KeyError: 'lines'
The above exception was the direct cause of the following exception:
StrictFailure: strict={'refused', 'dropped', 'unmatched', 'nobody', 'handlers'}, and
  handlers: <invocation 8c1745a7-9a6a-4f92-8ca7-4147f6be1f72 of lambda function:ship, pending after 1 attempt: KeyError: 'lines', next 2026-03-06 16:01:00>
    attempt 1 of 3 failed: KeyError: 'lines'
      at test_breaks.py in ship_without_detail: parcel = Parcel.of(event)
      at orders.py in of: pieces = sum(line["quantity"] for line in detail["lines"])
    pending after 1 attempt, next 2026-03-06 16:01:00
    To do: move backend.clock until Lambda tries it again, or have the handler succeed.
A test that means it to be so says strict=True.
----- eventmock (eu-west-1) -----
16:00:00  PutEvents  Order Paid from shop.orders on "shop"   5 rules
            audit                match      -> events event-bus/audit   delivered
            ship-paid-orders     match      -> lambda function:ship   delivered
                                            attempt 1 of 3 failed: KeyError: 'lines'
                                              at test_breaks.py in ship_without_detail: parcel = Parcel.of(event)
                                              at orders.py in of: pieces = sum(line["quantity"] for line in detail["lines"])
                                            pending after 1 attempt, next 2026-03-06 16:01:00
            restock-tea          no match   source held "shop.orders", wanted one of ["warehouse"]
            review-large-orders  no match   detail.total held 30, wanted numeric >= 1000
            tell-the-carrier     no match   detail-type held "Order Paid", wanted one of ["Order Shipped"]
16:00:00  forwarded  Order Paid from shop.orders on "audit" of 333333333333   1 rule
            keep  match      -> sqs audit   delivered
"""
    assert text == wanted
