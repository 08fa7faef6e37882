"""Schemas of events: what a producer promises, and what that means for patterns and input paths.

This package is pure and can be used without a mock.

    event_schema.py        EventSchema: the schema of one source and detail-type
    view.py                a schema, ready to be asked: references and choices resolved (dialect.py, alternative.py)
    satisfaction.py        whether an event of a schema can satisfy fields of a pattern
    input_paths.py         where the paths of targets lead
    consumer_problems.py   what a consumer wants that no schema promises
    schema_pairs.py        two sets of schemas side by side; schema_changes.py, what changed
    broken_consumers.py    what a change does to consumers (broken_patterns.py, broken_inputs.py)
    examples.py            events that show it, valid by the schema (validity.py)
"""
