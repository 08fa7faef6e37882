"""InputShape: the input that one target receives, according to the target's members.

The members `Input`, `InputPath` and `InputTransformer` are checked when an InputShape is made, and applied by `render`.
That some kinds of target refuse some members (CloudWatch Logs, buses of other accounts) is checked elsewhere.

    no member          the event's own text
    Input              its text, byte for byte (captured); an empty text delivers nothing
    InputPath          the compact JSON of the value at the path, strings with their quotes (recorded);
                       {} if there is no value, or null (captured)
    InputTransformer   see input_transformer.py

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html, and recordings and
captures of AWS as marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from eventmock.transform.refusals import InvalidJson, input_not_json, invalid_path, only_one_member

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventmock.transform.input_transformer import Template
    from eventmock.transform.json_path import JsonPath

INPUT_PATH_LEADS_NOWHERE: Final = "{}"

_MEMBERS = ("Input", "InputPath", "InputTransformer")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputShape:
    """The input that one target receives; at most one attribute is not None. `from_target` makes it.

    Attributes:
        constant: The text of `Input`.
        path: The path of `InputPath`.
        template: The template and paths of `InputTransformer`.
    """

    constant: str | None = None
    path: JsonPath | None = None
    template: Template | None = None

    @classmethod
    def from_target(cls, target: Mapping[str, object]) -> InputShape:
        """Make it from a target as PutTargets gets it; other members are ignored.

        Args:
            target: May have `Input` (str), `InputPath` (str) and `InputTransformer` (a mapping with
                `InputTemplate`, a str, and perhaps `InputPathsMap`, str to str). A member that is None counts as
                absent. The types are not checked here, because the service model has checked them.

        Raises:
            InvalidInput: PutTargets would refuse the target; `message_for(target_id)` has AWS's text.
        """
        given = [name for name in _MEMBERS if target.get(name) is not None]
        if len(given) > 1:
            raise only_one_member(given)
        if not given:
            return cls()
        if given == ["Input"]:
            return cls(constant=_checked_constant(cast("str", target["Input"])))
        if given == ["InputPath"]:
            from eventmock.transform.json_path import InvalidPath, JsonPath

            try:
                return cls(path=JsonPath.parse(cast("str", target["InputPath"])))
            except InvalidPath as error:
                raise invalid_path(f"InputPath: {error}") from error
        from eventmock.transform.input_transformer import Template

        transformer = cast("Mapping[str, object]", target["InputTransformer"])
        paths = cast("Mapping[str, str] | None", transformer.get("InputPathsMap")) or {}
        return cls(template=Template.parse(cast("str", transformer["InputTemplate"]), paths))

    @property
    def is_given(self) -> bool:
        """Whether the target asked for anything but the event itself."""
        return self != InputShape()

    def render(self, event_text: str, *, rule_arn: str, rule_name: str, ingestion_time: datetime) -> str:
        """Return exactly the text that the target receives.

        Args:
            event_text: The event's envelope as compact JSON. Numbers and escapes stay as they are written in it.
            rule_arn: The ARN of the rule that matched.
            rule_name: The name of the rule that matched.
            ingestion_time: The time at which the bus received the event; a naive datetime is taken as UTC.

        Raises:
            InvalidJson: The text for the target is not valid, so AWS would deliver nothing; the error has the text and
                the reason.
            NotJson: `event_text` is not JSON, and a path or a placeholder needs it.
        """
        if self.constant is not None:
            if _is_blank(self.constant):
                raise InvalidJson(self.constant, "Input is empty: AWS accepts it and then delivers nothing")
            return self.constant
        if self.path is None and self.template is None:
            return event_text
        from eventmock.transform.json_text import JsonText

        if self.path is not None:
            from eventmock.transform.json_path import MISSING

            found = self.path.find(JsonText.parse(event_text))
            return INPUT_PATH_LEADS_NOWHERE if found is MISSING or found.is_null else found.text
        from eventmock.transform.input_transformer import RenderContext

        assert self.template is not None
        context = RenderContext(
            event=JsonText.parse(event_text),
            rule_arn=rule_arn,
            rule_name=rule_name,
            ingestion_time=ingestion_time,
        )
        return self.template.render(context)

    def dead_ends(self, event_text: str) -> list[str]:
        """Return the paths without a value in an event, each in a text for the tester. AWS does not report them.

        Args:
            event_text: The event's envelope as JSON.
        """
        if self.path is None and self.template is None:
            return []
        from eventmock.transform.json_path import MISSING
        from eventmock.transform.json_text import JsonText

        event = JsonText.parse(event_text)
        if self.template is not None:
            named = self.template.paths.items()
            return [f"<{name}>, {path.text}" for name, path in named if path.find(event) is MISSING]
        assert self.path is not None
        return [f"InputPath {self.path.text}"] if self.path.find(event) is MISSING else []


def _checked_constant(text: str) -> str:
    """Return the text of `Input`, if it is JSON or empty (captured: an empty text is accepted; inferred: blanks too).

    Raises:
        InvalidInput: The text is neither JSON nor empty.
    """
    if not _is_blank(text):
        from eventmock.transform.json_text import JsonText, NotJson

        try:
            JsonText.parse(text)
        except NotJson as error:
            raise input_not_json(error) from error
    return text


def _is_blank(text: str) -> bool:
    """Return whether a text is empty or consists of JSON's whitespace only."""
    return not text.strip(" \t\r\n")
