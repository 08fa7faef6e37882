"""The delivery of events from a bus to targets: a file for each stage.

routing.py finds the rules that match and makes a delivery for each of their targets; courier.py carries the
deliveries out. Nothing here knows an operation, or more of a bus than its rules.
"""
