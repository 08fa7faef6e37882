"""Who answers an HTTP request: the test itself, or a mock that the test has started; never a socket.

In this order: a function that the test gave for the URL; `responses`; `respx` or `pytest-httpx`. None of these three
is a dependency: each is asked only if the test has imported it already, through its own client library, in which
whatever would open a connection is replaced by `_NoNetwork`. If another version of a library has no such place, it is
not asked. moto's own mock of `requests` lets through what it does not know, and that ends at `_NoNetwork` too.

A mock that is asked notes it, as it does for any client: `responses` in its ``calls``, and pytest-httpx fails a test
in which it was asked for what it has no response for, unless told otherwise.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from fnmatch import fnmatchcase
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn

from eventmock.exceptions import OptionError, name_of, showable, text_of
from eventmock.options import check_takes_one_argument
from eventmock.target_kinds import Headers, HttpAnswer, HttpCall
from eventmock.values.deep_json import dumps
from eventmock.values.urls import shown_url, without_secrets_of

if TYPE_CHECKING:
    from eventmock.parts.part import Restore

Handler = Callable[[HttpCall], object]

RESPONSES_HAS_NONE: Final = "Connection refused by Responses"
PYTEST_HTTPX_HAS_NONE: Final = "No response can be found"
MOTO_HAS_NONE: Final = ((400, b"The method is not implemented"), (404, b"Not yet implemented"))
"""What moto answers through `responses` for any ``amazonaws.com`` host where it serves nothing."""


class _NotServed(Exception):  # noqa: N818 - it says what happened
    """Nobody in the process answers: the request was about to leave it."""


class _NoNetwork:
    """Stands where a library keeps what opens connections; whatever is asked of it ends the request."""

    def __getattr__(self, name: str) -> NoReturn:
        raise _NotServed(name)


class HttpEnd:
    """The far end of HTTP requests.

    Attributes:
        handlers: URL patterns and the functions that answer for them; of those that match, the last does.
    """

    def __init__(self) -> None:
        self.handlers: list[tuple[str, Handler]] = []

    def add(self, pattern: str, function: Handler) -> None:
        """Let a function answer requests, instead of any that answered them before.

        Args:
            pattern: The URL; ``*`` stands for any characters, slashes too, so that an API destination's endpoint is
                its own pattern. It is compared with the URL without the query, unless it has a ``?`` itself.
            function: Takes the `HttpCall`. Answers with a status, a body (dict or list, sent as JSON, str or bytes),
                a tuple of status, body and perhaps headers, an `HttpAnswer`, or None for 200. What it raises is
                raised where the request is sent.

        Raises:
            OptionError: The pattern is no URL, or the function cannot be called with one argument or would have to be
                awaited.
        """
        if not re.match("https?://.", str(pattern)):
            raise OptionError(f"{pattern!r} is no URL: wanted one such as 'https://api.example.com/orders/*'")
        if not callable(function):
            raise OptionError(f"{function!r} for {pattern} is no function: wanted one that takes an HttpCall")
        if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__):
            raise OptionError(
                f"nobody would await what {function!r} for {pattern} returns: use a plain function"
            )
        check_takes_one_argument(f"backend.http({pattern!r})", function, "the HttpCall")
        self.handlers.append((pattern, function))

    def clear(self) -> None:
        """Forget all functions."""
        self.handlers.clear()

    def save(self) -> Restore:
        """Keep the functions, to be brought back later."""
        kept = list(self.handlers)

        def restore() -> None:
            self.handlers[:] = kept

        return restore

    def send(self, call: HttpCall) -> HttpAnswer | None:
        """The answer to a request; None if nobody answers.

        Raises:
            OptionError: The test's function answered with something that is no answer.
            ConnectionError: A mock was told to refuse the connection.
            TimeoutError: A mock was told to let it time out.
        """
        for pattern, function in reversed(self.handlers):
            if _matches(pattern, call.url):
                return _read(function(deepcopy(call)), shown_url(pattern))
        for ask in (_ask_responses, _ask_httpx_mocks):
            with suppress(_NotServed):
                return ask(call)
        return None


def _matches(pattern: str, url: str) -> bool:
    compared = url if "?" in pattern else url.partition("?")[0]
    # fnmatch never goes back over a star; brackets and question marks are plain characters here
    return fnmatchcase(compared, re.sub(r"([\[?])", r"[\1]", pattern))


def _read(given: object, pattern: str) -> HttpAnswer:
    """The answer that a test's function gave.

    Raises:
        OptionError: The answer has no form that is understood, or raises an exception when it is read.
    """
    try:
        return _as_answer(given, pattern)
    except OptionError:
        raise
    except Exception as raised:  # noqa: BLE001 - named as the cause where that can be shown
        kind = name_of(type(given))
        raise OptionError(
            f"the function for {pattern} answered a {kind} that cannot be read: {text_of(raised)}"
        ) from showable(raised)


def _as_answer(given: object, pattern: str) -> HttpAnswer:
    """What a test's function meant.

    Args:
        given: What it returned.
        pattern: Its pattern, for the message.

    Raises:
        OptionError: It is nothing that it may return.
    """
    if isinstance(given, HttpAnswer):
        given = (given.status, given.body, given.headers)
    parts: tuple[Any, ...] = (
        given if isinstance(given, tuple) else (given,) if isinstance(given, int) else (200, given)
    )
    status, body, headers = (*parts, None, None, None)[:3]
    is_status = isinstance(status, int) and not isinstance(status, bool) and status in range(100, 600)
    content = _as_bytes(body)
    if not is_status or content is None or not isinstance(headers, Mapping | None) or len(parts) > 3:
        raise OptionError(
            f"the function for {pattern} answered {_kind_of(given)}: wanted a status, a body (dict, list, str or "
            "bytes), a tuple of status, body and headers, an HttpAnswer, or None"
        )
    named = {str(name): str(value) for name, value in (headers or {}).items()}
    return HttpAnswer(status=int(status), headers=Headers(named), body=content)


def _kind_of(given: object) -> str:
    """What something is, without what it holds: that may be a secret."""
    if isinstance(given, tuple):
        return f"({', '.join(map(_kind_of, given))})"
    if isinstance(given, dict | list):
        return (
            f"a {type(given).__name__}"
            if _as_bytes(given) is not None
            else f"a {type(given).__name__} that is no JSON"
        )
    return repr(given) if isinstance(given, int) else f"a {type(given).__name__}"


def _as_bytes(body: object) -> bytes | None:
    """A body as the bytes that are sent; None if the value cannot be a body."""
    if isinstance(body, dict | list):
        try:
            return dumps(body).encode()
        except (TypeError, ValueError):
            return None
    if isinstance(body, str):
        return body.encode()
    return body or b"" if isinstance(body, bytes | None) else None


def _ask_responses(call: HttpCall) -> HttpAnswer:
    """The answer of `responses`, which replaces how an adapter of `requests` sends.

    Raises:
        _NotServed: It has none, or is not there.
        ConnectionError: It was told to refuse the connection.
        TimeoutError: It was told to let it time out.
    """
    if "responses" not in sys.modules:
        raise _NotServed
    requests = import_module("requests")
    adapter = requests.adapters.HTTPAdapter()
    _replace(adapter, "poolmanager", _NoNetwork())
    request = requests.PreparedRequest()
    try:
        request.prepare(method=call.method, url=call.url, data=call.body)
        request.headers = requests.structures.CaseInsensitiveDict(call.headers)
        answer = adapter.send(request)
        body = answer.content
    except requests.exceptions.InvalidURL:
        raise _no_url(call) from None
    except requests.Timeout as error:
        raise TimeoutError(_told(error, call)) from error
    except requests.RequestException as error:
        if str(error).startswith(RESPONSES_HAS_NONE):
            raise _NotServed from None
        raise ConnectionError(_told(error, call)) from error
    if (answer.status_code, body) in MOTO_HAS_NONE:
        raise _NotServed
    return HttpAnswer(status=answer.status_code, headers=Headers(answer.headers), body=body)


def _ask_httpx_mocks(call: HttpCall) -> HttpAnswer:
    """The answer of `respx`, which replaces parts of `httpcore` or `httpx`, or of `pytest-httpx`, which does so too.

    Raises:
        _NotServed: They have none, or are not there.
        ConnectionError: They were told to refuse the connection.
        TimeoutError: They were told to let it time out.
    """
    if not {"respx", "pytest_httpx"} & sys.modules.keys():
        raise _NotServed
    httpx, httpcore = import_module("httpx"), import_module("httpcore")
    respx_has_none = getattr(sys.modules.get("respx.models"), "AllMockedAssertionError", ())
    transport = httpx.HTTPTransport(verify=False, trust_env=False)
    _replace(transport, "_pool", httpcore.ConnectionPool(network_backend=_NoNetwork()))
    headers = [(name.encode(), value.encode()) for name, value in call.headers.items()]
    try:
        with httpx.Client(transport=transport, trust_env=False, follow_redirects=False) as client:
            answer = client.send(httpx.Request(call.method, call.url, headers=headers, content=call.body))
    except respx_has_none:
        raise _NotServed from None
    except httpx.InvalidURL:
        raise _no_url(call) from None
    except httpx.TimeoutException as error:
        if str(error).startswith(PYTEST_HTTPX_HAS_NONE):
            raise _NotServed from None
        raise TimeoutError(_told(error, call)) from error
    except httpx.RequestError as error:
        raise ConnectionError(_told(error, call)) from error
    return HttpAnswer(status=answer.status_code, headers=Headers(answer.headers), body=answer.content)


def _no_url(call: HttpCall) -> ConnectionError:
    """What to raise where a library finds the URL invalid; its own text might show its secrets."""
    return ConnectionError(f"{shown_url(call.url)} is no valid URL")


def _told(error: Exception, call: HttpCall) -> str:
    """The text of an error without what may be secret in the URL."""
    return without_secrets_of(call.url, str(error))


def _replace(holder: object, name: str, value: object) -> None:
    """Put something in place of what opens connections.

    Raises:
        _NotServed: There is no such place in this version of the library.
    """
    if not hasattr(holder, name):
        raise _NotServed(name)
    setattr(holder, name, value)
