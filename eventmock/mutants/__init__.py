"""Mutants: the tests are run with one mistake in one rule, to see whether a test notices it."""
