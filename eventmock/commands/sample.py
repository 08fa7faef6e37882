"""``sample``: a sample of an event of an AWS service; without a detail-type or a source, which there are."""

from __future__ import annotations

from eventmock.aws_events import catalogue
from eventmock.aws_events.advice import about_names, about_source
from eventmock.aws_events.cloudtrail import DETAIL_TYPES
from eventmock.aws_events.samples import ACCOUNT, REGION, sample_event
from eventmock.commands.documents import WrongInput
from eventmock.commands.output import say, say_json
from eventmock.options import Options


def run(source: str | None, detail_type: str | None, account: str | None, region: str | None) -> int:
    """Print a sample of an event as JSON, or the known sources, or the known detail-types of a source.

    Args:
        source: The source, such as ``aws.s3``; None to print the sources.
        detail_type: The ``detail-type``; None to print those of the source.
        account: The account of the event; None for 123456789012.
        region: The region of the event; None for us-east-1.

    Returns:
        0.

    Raises:
        WrongInput: There is no such source or detail-type, or no member of such an event is known.
        OptionError: The account or the region is not valid.
    """
    if source is None:
        say("\n".join(catalogue.sources()))
        return 0
    if f"aws.{source}" in catalogue.sources():
        source = f"aws.{source}"
    own = catalogue.detail_types(source)
    if not own:
        raise WrongInput(f"SOURCE: {about_source(source)}")
    if detail_type is None:
        say("\n".join([*own, *(name for name in DETAIL_TYPES if name not in own)]))
        return 0
    kind = catalogue.find(source, detail_type)
    if kind is None:
        raise WrongInput(f"DETAIL-TYPE: {about_names(source, detail_type)}")
    if kind.members is None:
        raise WrongInput(f"DETAIL-TYPE: eventmock knows no members of {detail_type!r} of {source}")
    given = Options.read({"account": account, "region": region}, "sample")
    say_json(sample_event(kind, {}, account=given.account or ACCOUNT, region=given.region or REGION))
    return 0
