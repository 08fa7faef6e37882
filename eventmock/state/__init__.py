"""What a mock holds."""
