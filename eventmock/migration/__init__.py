"""From rules of a Classic event bus to subscribers of a custom event bus, with the proof that they do the same.

    plan.py               Migration: what is proposed for each target of each rule; start here
    proposal.py           Proposal and Note: one subscriber, and what a person must know of it
    filters.py            a pattern as a filter
    input_expressions.py  Input, InputPath and InputTransformer as a JSONata expression
    paths.py              a path into an event as JSONata
    invocations.py        a target as an InvokeConfiguration
    universal_inputs.py   targets that subscribers do not have, as universal targets
    comparison.py         Comparison: the same events through the rules and through the plan, and what differs
    trial.py              the mock of its own in which they run
    calls.py              the call of a target: its body, and what else of it may differ
    given_events.py       the events that are given

Source: custom-event-bus section 1, 7 to 10 and 12; transform for Classic's input shaping.
"""
