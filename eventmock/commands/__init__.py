"""The commands of ``python -m eventmock``, one file for each, and their input and output.

The function `run` of a command returns the exit code, and raises an `EventmockError` if its input is wrong. `match` and
`schedule` import neither botocore nor boto3. The arguments of the commands are in ``__main__``.
"""
