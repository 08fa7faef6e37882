"""What `python -m eventmock check` finds in templates."""
