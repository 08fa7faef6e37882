"""InputShape: how one target wants its input, from the members of that target.

What it is: `Input`, `InputPath` and `InputTransformer`, checked when built and applied by `render`.
What it is not: it does not know which kinds of target refuse which member (CloudWatch Logs, buses of
other accounts), and enforces no lengths.

    nothing given      the event's own text
    Input              that text, byte for byte (captured); an empty one delivers nothing
    InputPath          the compact JSON of what the path leads to, strings with their quotes (recorded);
                       nothing or null there gives {} (captured)
    InputTransformer   see input_transformer.py

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html, and recordings and
captures of AWS as marked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from eventmock.transform.input_transformer import RenderContext, Template
from eventmock.transform.json_path import MISSING, InvalidPath, JsonPath
from eventmock.transform.json_text import JsonText, NotJson
from eventmock.transform.refusals import InvalidJson, input_not_json, invalid_path, only_one_member

INPUT_PATH_LEADS_NOWHERE: Final = "{}"

_MEMBERS = ("Input", "InputPath", "InputTransformer")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputShape:
    """How one target wants its input; at most one attribute is not None. Build it with `from_target`.

    Attributes:
        constant: the text of `Input`.
        path: `InputPath`.
        template: `InputTransformer`.
    """

    constant: str | None = None
    path: JsonPath | None = None
    template: Template | None = None

    @classmethod
    def from_target(cls, target: Mapping[str, object]) -> "InputShape":
        """Build it from a target as PutTargets takes it; other members are ignored.

        Args:
            target: may hold `Input` (str), `InputPath` (str) and `InputTransformer` (a mapping with
                `InputTemplate`, a str, and perhaps `InputPathsMap`, str to str). Absent and None are the
                same. The types are trusted: the service model has checked them.

        Raises:
            InvalidInput: PutTargets would refuse it; `message_for(target_id)` has AWS's text.
        """
        given = [name for name in _MEMBERS if target.get(name) is not None]
        if len(given) > 1:
            raise only_one_member(given)
        if not given:
            return cls()
        if given == ["Input"]:
            return cls(constant=_checked_constant(cast("str", target["Input"])))
        if given == ["InputPath"]:
            try:
                return cls(path=JsonPath.parse(cast("str", target["InputPath"])))
            except InvalidPath as error:
                raise invalid_path(f"InputPath: {error}") from error
        transformer = cast("Mapping[str, object]", target["InputTransformer"])
        paths = cast("Mapping[str, str] | None", transformer.get("InputPathsMap")) or {}
        return cls(template=Template.parse(cast("str", transformer["InputTemplate"]), paths))

    @property
    def is_given(self) -> bool:
        """Whether the target asked for anything but the event itself."""
        return self != InputShape()

    def render(self, event_text: str, *, rule_arn: str, rule_name: str, ingestion_time: datetime) -> str:
        """Return exactly the text the target receives.

        Args:
            event_text: the event's envelope as compact JSON; its spellings are kept.
            rule_arn: the ARN of the rule that matched.
            rule_name: its name.
            ingestion_time: when the bus received the event; without a time zone it is taken for UTC.

        Raises:
            InvalidJson: AWS would deliver nothing; it has the text and the reason.
            NotJson: `event_text` is not JSON and was needed.
        """
        if self.constant is not None:
            if _is_blank(self.constant):
                raise InvalidJson(self.constant, "Input is empty: AWS accepts it and then delivers nothing")
            return self.constant
        if self.path is not None:
            found = self.path.find(JsonText.parse(event_text))
            return INPUT_PATH_LEADS_NOWHERE if found is MISSING or found.is_null else found.text
        if self.template is not None:
            context = RenderContext(
                event=JsonText.parse(event_text),
                rule_arn=rule_arn,
                rule_name=rule_name,
                ingestion_time=ingestion_time,
            )
            return self.template.render(context)
        return event_text

    def dead_ends(self, event_text: str) -> list[str]:
        """Return what leads nowhere in an event, in words: AWS delivers without it and says nothing.

        Args:
            event_text: the event's envelope as JSON.
        """
        if self.path is None and self.template is None:
            return []
        event = JsonText.parse(event_text)
        if self.template is not None:
            named = self.template.paths.items()
            return [f"<{name}>, {path.text}" for name, path in named if path.find(event) is MISSING]
        assert self.path is not None
        return [f"InputPath {self.path.text}"] if self.path.find(event) is MISSING else []


def _checked_constant(text: str) -> str:
    """`Input`, if it is JSON or empty (captured: an empty one is accepted; inferred: blanks are too)."""
    if not _is_blank(text):
        try:
            JsonText.parse(text)
        except NotJson as error:
            raise input_not_json(error) from error
    return text


def _is_blank(text: str) -> bool:
    """Return whether there is nothing in it but JSON's whitespace."""
    return not text.strip(" \t\r\n")
