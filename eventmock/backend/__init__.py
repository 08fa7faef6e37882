"""What a test holds: the backend, and what it gives out."""
