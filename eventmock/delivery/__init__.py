"""An event's way from a bus to its targets, a stage a file.

routing.py finds the rules that match and makes a delivery for each of their targets; courier.py carries the
deliveries out. What it is not: it knows no operations, and no more of a bus than the rules it is handed.
"""
