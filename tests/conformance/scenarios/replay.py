"""Replays a scenario against the active mock.

A scenario is a list of steps. A step is a call of a boto3 client (``client``, ``op``, ``params``; ``region`` and
``account`` if not the default; ``raw`` without botocore's own checks; ``poll`` where AWS takes a while: the clock is
moved), or of the ``harness``. ``queue`` names a target, and ``deliveries`` gives the bodies that arrived there since it
was last asked. ``advance`` and ``move_to`` move the clock, ``requests`` gives all calls that were made to a target,
``fault`` makes the next attempts fail, and ``dead_letters`` gives the messages of a queue. ``as`` keeps an answer.

``expect`` holds the answer (``exact``: no other keys), the ``absent`` paths or the ``error``: its ``code``, HTTP
``status``, ``message``, ``first_line``, or how the message ``begins``. In expected values
``$ANY`` is anything, ``$REGEX:`` a whole match, ``$REF:`` an earlier answer, ``{"$json": x}`` text holding JSON like x,
``$unordered`` and ``$contains`` compare lists as bags, ``$lt $le $ge $ne $in $len`` compare, and ``$time`` is a moment,
also in parameters. ``${NAME}`` is filled in.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import reduce

from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT, REGION = "123456789012", "us-east-1"


class Replay:
    """One run of one scenario."""

    def __init__(self, backend, make_client):
        self.backend = backend
        self.make_client = make_client
        self.kept = {"ACCOUNT": ACCOUNT, "REGION": REGION}
        self.clients = {}
        self.taken = {}

    def run(self, steps):
        """Nothing, or what differs."""
        for number, step in enumerate(steps):
            difference = self.step(step)
            if difference:
                return f"step {number}, {step['op']}: {difference}"
        return None

    def step(self, step):
        expect = step.get("expect", {})
        if step.get("poll"):
            self.backend.clock.advance(seconds=1)
        try:
            answer = self.call(step)
        except ClientError as error:
            return self.compare_error(expect.get("error"), error)
        if "error" in expect:
            return f"wanted {expect['error']}, got {answer}"
        if step.get("as"):
            self.kept[step["as"]] = answer
        for path in expect.get("absent", []):
            if self.has(answer, path):
                return f"{path} should be absent"
        return self.compare(expect.get("response", {}), answer, exact=expect.get("exact", False))

    def compare_error(self, wanted, error):
        """Nothing, or how an error differs from what is wanted of it; None if no error is wanted."""
        got, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        if wanted is None:
            return f"unexpected {got}"
        if status != wanted.get("status", status):
            return f"wanted the status {wanted['status']}, got {status}"
        if not got["Message"].startswith(self.fill(wanted.get("begins", ""))):
            return f"wanted a message that begins with {wanted['begins']!r}, got {got}"
        first_line = wanted.get("first_line")
        if first_line is not None and got["Message"].split("\n")[0] != first_line:
            return f"wanted {first_line!r}, got {got}"
        members = {name.title(): value for name, value in wanted.items() if name in {"code", "message"}}
        return self.compare(members, got, exact=False)

    def call(self, step):
        params = self.fill(step.get("params", {}))
        region = self.fill(step.get("region", REGION))
        account = self.fill(step.get("account", ACCOUNT))
        if step["client"] == "harness":
            return getattr(self, step["op"])(region=region, account=account, **params)
        key = (step["client"], region, account, step.get("raw", False))
        if key not in self.clients:
            config = Config(parameter_validation=not step.get("raw", False))
            self.clients[key] = self.make_client(step["client"], region, account, config)
        answer = getattr(self.clients[key], step["op"])(**params)
        answer.pop("ResponseMetadata", None)
        return answer

    def queue(self, name, region, account):
        return {"Arn": f"arn:aws:sqs:{region}:{account}:{name}", "Name": name}

    def deliveries(self, name, count=0, **_ignored):
        [arn] = [
            kept["Arn"] for kept in self.kept.values() if isinstance(kept, dict) and kept.get("Name") == name
        ]
        taken = self.taken.get(arn, 0)
        if len(self.backend.deliveries.where(target=arn)) - taken < count:
            self.backend.clock.advance(seconds=1)
        bodies = self.backend.deliveries.where(target=arn).bodies
        new = bodies[taken:]
        self.taken[arn] = len(bodies)
        return {"Count": len(new), "Bodies": new, "Json": [_json_or_none(body) for body in new]}

    def advance(self, seconds, **_ignored):
        self.backend.clock.advance(seconds=seconds)
        return {}

    def move_to(self, time, **_ignored):
        self.backend.clock.move_to(time)
        return {}

    def fault(self, target, code, times=None, message=None, **_ignored):
        words = {} if message is None else {"message": message}
        self.backend.faults.inject(code, target=target, times=times, **words)
        return {}

    def requests(self, target, **_ignored):
        attempts = [
            attempt for one in self.backend.deliveries.where(target=target) for attempt in one.attempts
        ]
        made = [
            {
                "service": attempt.request.service,
                "operation": attempt.request.operation,
                "parameters": _as_text(attempt.request.parameters),
                "attempt": attempt.number,
                "time": f"{attempt.time:%Y-%m-%dT%H:%M:%SZ}",
            }
            for attempt in sorted(attempts, key=lambda attempt: attempt.time)
        ]
        return {"Count": len(made), "Requests": made}

    def dead_letters(self, queue, **_ignored):
        letters = [letter for letter in self.backend.dead_letters if letter.queue_arn == queue]
        messages = [{"Body": letter.body, "Attributes": dict(letter.attributes)} for letter in letters]
        return {"Count": len(messages), "Messages": messages}

    def look_up(self, path):
        name, *parts = path.split(".")
        return reduce(
            lambda held, part: held[int(part) if isinstance(held, list) else part], parts, self.kept[name]
        )

    def has(self, answer, path):
        try:
            reduce(
                lambda held, part: held[int(part) if isinstance(held, list) else part],
                path.split("."),
                answer,
            )
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def fill(self, value):
        if isinstance(value, str):
            if value.startswith("$REF:"):
                return self.look_up(value[5:])
            return re.sub(r"\$\{([^}]+)\}", lambda found: str(self.look_up(found[1])), value)
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$json" in value:
            return json.dumps(self.fill(value["$json"]))
        if "$jsoncompact" in value:
            return json.dumps(self.fill(value["$jsoncompact"]), separators=(",", ":"))
        if "$now" in value:
            return datetime.now(UTC) + timedelta(seconds=value["$now"])
        if "$time" in value:
            return datetime.fromisoformat(value["$time"])
        if "$repeat" in value:
            item, count = value["$repeat"]
            return item * count if isinstance(item, str) else [self.fill(item) for _ in range(count)]
        return {key: self.fill(item) for key, item in value.items()}

    def compare(self, wanted, got, *, exact):
        """Nothing, or what differs."""
        if isinstance(wanted, dict):
            operator = next((key for key in wanted if key in COMPARISONS), None)
            if operator is not None:
                return COMPARISONS[operator](self, wanted[operator], got, exact)
            if not isinstance(got, dict):
                return f"wanted {wanted!r}, got {got!r}"
            extra = set(got) - set(wanted) if exact else set()
            if extra or not set(wanted) <= set(got):
                return f"wanted the keys {sorted(wanted)}, got {sorted(got)}"
            return self.first(self.compare(item, got[key], exact=exact) for key, item in wanted.items())
        if isinstance(wanted, list):
            if not isinstance(got, list) or len(got) != len(wanted):
                return f"wanted {wanted!r}, got {got!r}"
            return self.first(
                self.compare(one, other, exact=exact) for one, other in zip(wanted, got, strict=True)
            )
        if wanted == "$ANY":
            return None if got is not None else "wanted anything, got null"
        if isinstance(wanted, str) and wanted.startswith("$REGEX:"):
            pattern = self.fill(wanted[7:])
            return None if re.fullmatch(pattern, str(got), re.DOTALL) else f"{got!r} does not match {pattern}"
        wanted = self.fill(wanted)
        same = wanted is got if isinstance(wanted, bool) or isinstance(got, bool) else wanted == got
        return None if same else f"wanted {wanted!r}, got {got!r}"

    @staticmethod
    def first(differences):
        return next((difference for difference in differences if difference), None)

    def compare_json(self, wanted, got, exact):
        return self.compare(wanted, json.loads(got), exact=exact)

    def compare_bag(self, wanted, got, exact, *, whole):
        rest = list(got)
        for item in wanted:
            found = next((other for other in rest if not self.compare(item, other, exact=exact)), None)
            if found is None:
                return f"nothing like {item!r} in {got!r}"
            rest.remove(found)
        return f"also has {rest!r}" if whole and rest else None


def _json_or_none(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def _as_text(value):
    """The parameters of a call, with bytes as text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name: _as_text(item) for name, item in value.items()}
    return [_as_text(item) for item in value] if isinstance(value, list) else value


def _moment(value):
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _holds(test):
    def compare(replay, wanted, got, _exact):
        wanted = replay.fill(wanted)
        return None if test(got, wanted) else f"{got!r} does not compare to {wanted!r}"

    return compare


COMPARISONS = {
    "$json": Replay.compare_json,
    "$unordered": lambda *arguments: Replay.compare_bag(*arguments, whole=True),
    "$contains": lambda *arguments: Replay.compare_bag(*arguments, whole=False),
    "$lt": _holds(lambda got, wanted: got < wanted),
    "$le": _holds(lambda got, wanted: got <= wanted),
    "$ge": _holds(lambda got, wanted: got >= wanted),
    "$time": _holds(lambda got, wanted: _moment(got) == _moment(wanted)),
    "$ne": _holds(lambda got, wanted: got != wanted),
    "$in": _holds(lambda got, wanted: got in wanted),
    "$len": _holds(lambda got, wanted: len(got) == wanted),
}
