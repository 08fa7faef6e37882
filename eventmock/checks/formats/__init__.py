"""The formats in which findings are written: for people, for programs, for code scanning, for pull requests."""
