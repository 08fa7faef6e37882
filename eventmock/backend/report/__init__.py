"""Views for people of what happened in a backend."""
