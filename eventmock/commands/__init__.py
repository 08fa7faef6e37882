"""What the commands of ``python -m eventmock`` do: a file a command, and what they read and say.

Each command's `run` answers with the exit code, and raises an `EventmockError` where what was given is wrong. `match`
and `schedule` import neither botocore nor boto3. Not here: the arguments, which are in ``__main__``, and the demo.
"""
