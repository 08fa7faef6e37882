"""How a mock begins and ends, and how it patches botocore."""
