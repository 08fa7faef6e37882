"""Assertions of a test about what happened, and the texts of those that fail.

`sentences` has the assertions, `filters` their filters, `scope` the records and rules that they look at, `failure` the
texts of failed assertions, `differences` the comparison of two JSON values.
"""
