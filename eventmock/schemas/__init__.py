"""Schemas of events: what a producer promises about its events, and what that means for patterns and input paths.

This package is pure and can be used without a mock.
"""
