"""The backend of a test, and the objects that it returns."""
