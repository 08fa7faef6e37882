"""The events of AWS services: which there are, their members, samples of them, and advice about them.

Pure: nothing here knows a mock. Nothing here is imported before a test uses an event of an AWS service.
"""
