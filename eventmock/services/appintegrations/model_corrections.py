"""Differences of AppIntegrations from its public service model, and from older versions of that model.

Source: partner-events section 2.3 (one error for every constraint); the service models of botocore from 1.34.0 on.
"""

from typing import Final

from eventmock.wire import Corrections, Loosened

CORRECTIONS: Final = Corrections(
    validation_code="InvalidRequestException",
    loosened=(
        Loosened(
            shape="ApplicationNamespace", constraint="max", old=32, last="1.40.0", new=211, first="1.42.1"
        ),
        Loosened(
            shape="CreateDataIntegrationRequest",
            constraint="required",
            old=("Name", "KmsKey", "SourceURI"),
            last="1.34.0",
            new=("Name", "KmsKey"),
            first="1.35.0",
        ),
        Loosened(shape="Description", constraint="min", old=1, last="1.34.0", new=0, first="1.35.0"),
        Loosened(
            shape="Source",
            constraint="pattern",
            old=r"^aws\.partner\/.*$",
            last="1.42.62",
            new=(
                r"^(aws\.(partner\/.*|cases|cases\-test))|Pipe\s.[a-zA-Z0-9\/\._\-]+$"
                r"|app\-integrations\.webhooks\/[a-zA-Z0-9\-_.\/]+$"
            ),
            first="1.42.63",
        ),
        Loosened(
            shape="TagKey",
            constraint="pattern",
            old=r"^(?!aws:)[a-zA-Z+-=._:/]+$",
            last="1.43.60",
            new=None,
            first="1.44.8",
        ),
    ),
)
