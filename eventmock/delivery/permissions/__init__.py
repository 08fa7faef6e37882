"""Whether AWS would be permitted to deliver: the option ``target_permissions``.

    judge.py       judges each delivery and each dead letter; start here
    senders.py     who sends: EventBridge for a rule or a subscriber, or EventBridge Scheduler for a schedule
    calls.py       what the call of a schedule needs, whichever service it calls
    subscriber_needs.py    what the call of a subscriber of a custom event bus needs
    facts.py       what is known of roles, of the policies of resources, and of keys: from the test, else from moto
    given.py       what the test gives: `eventmock.EventsBackend.policies`
    contexts.py    the values of condition keys in the requests that both services make
    texts.py       AWS's error codes and texts
    repairs.py     the statement that is missing, and the call and the template that add it

Nothing of this package is imported while the option is ``off``, unless the test gives policies. Each delivery reads
the policies anew, because a test may change them; moto is asked without the lock of the state.

Source: permissions-of-targets, sections 2 to 7; scheduler, sections 5, 13, 14 and 17;
custom-event-bus, sections 9.1, 10 and 12. Each file states what is
recorded, documented or inferred.
"""
