"""Views of what happened in a backend, for people."""
