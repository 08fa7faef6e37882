"""How a mock begins, ends, and takes hold of botocore."""
