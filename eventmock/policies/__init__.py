"""The evaluation of IAM policies: whether a principal may take an action on a resource.

    principals.py    who makes a request: a service, the session of a role, an account, or anybody
    request.py       a request: the principal, the action, the resource, and the values of condition keys
    grammar.py       the elements of a policy document: whether AWS would store it
    policy.py        a policy document; a statement, and whether it applies to a request
    conditions.py    the condition operators
    variables.py     the variables in texts of a policy
    decision.py      the decision about a request by all policies that are concerned

A policy that AWS would refuse, or that has an element, operator or key that is not evaluated here, raises
`eventmock.exceptions.PolicyNotUnderstood`. So nothing is allowed or refused by a statement that was not understood.

Source: "Policy evaluation logic", "IAM JSON policy element reference", "IAM JSON policy elements: Condition operators"
and "IAM policy elements: Variables and tags" of the IAM user guide. This package does not depend on the rest of
eventmock, except for ARNs and errors.
"""

from __future__ import annotations

from eventmock.policies.decision import Decision, decide
from eventmock.policies.policy import Policy
from eventmock.policies.principals import AccountCaller, Anonymous, RoleSession, Service
from eventmock.policies.request import Request

__all__ = ["AccountCaller", "Anonymous", "Decision", "Policy", "Request", "RoleSession", "Service", "decide"]
