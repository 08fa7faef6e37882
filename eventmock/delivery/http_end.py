"""Answers to HTTP requests: from the test itself, or from a mock that the test has started; never from a socket.

The first of these that has an answer gives it: a function of the test for the URL; `responses`; `respx` or
`pytest-httpx`. None of the three libraries is a dependency. Each gets the request only if the test has imported it
already. The request goes through the client library that it mocks, in which `_NoNetwork` replaces the attribute that
opens connections. If another version of the client library has no such attribute, the mock is not asked. moto's own
mock of `requests` lets unknown requests out, and these end at `_NoNetwork` too.

These mocks record such a request as they record that of any client: `responses` in its ``calls``. pytest-httpx by
default fails a test in which it got a request for which it has no response.
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
"""The answers of moto, through `responses`, for ``amazonaws.com`` hosts of services that it does not have."""


class _NotServed(Exception):  # noqa: N818 - it says what happened
    """The request was about to leave the process, or a library cannot be asked."""


class _NoNetwork:
    """A replacement for the object by which a library opens connections; any use of it ends the request."""

    def __getattr__(self, name: str) -> NoReturn:
        raise _NotServed(name)


class HttpEnd:
    """The functions and mocks of a test that answer HTTP requests.

    Attributes:
        handlers: URL patterns, each with the function that answers. If several patterns match, the last one counts.
    """

    def __init__(self) -> None:
        self.handlers: list[tuple[str, Handler]] = []

    def add(self, pattern: str, function: Handler) -> None:
        """Make a function answer requests, in place of functions that were added before for the same URLs.

        Args:
            pattern: The URL. ``*`` stands for any characters, slashes too, so that an API destination's endpoint is
                its own pattern. The pattern is compared with the URL without the query, unless it contains a ``?``.
            function: A function that takes the `HttpCall`. It returns a status, a body (a dict or list, sent as JSON,
                or a str or bytes), a tuple of status, body and optionally headers, an `HttpAnswer`, or None for 200.
                An exception that it raises is the exception of the request.

        Raises:
            OptionError: The pattern is not a URL, or the function cannot be called with one argument, or it has to be
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
        """Return a function that restores the present functions."""
        kept = list(self.handlers)

        def restore() -> None:
            self.handlers[:] = kept

        return restore

    def send(self, call: HttpCall) -> HttpAnswer | None:
        """Return the answer to a request; None if there is none.

        Raises:
            OptionError: The test's function returned an object that is not an answer.
            ConnectionError: A mock is set up to refuse the connection, or the library finds the URL invalid.
            TimeoutError: A mock is set up to let the request time out.
            Exception: The test's function raises it.
        """
        for pattern, function in reversed(self.handlers):
            if _matches(pattern, call.url):
                return _read(function(deepcopy(call)), shown_url(pattern))
        for ask in (_ask_responses, _ask_httpx_mocks):
            with suppress(_NotServed):
                return ask(call)
        return None


def _matches(pattern: str, url: str) -> bool:
    """Return whether a URL matches a pattern of `HttpEnd.add`."""
    compared = url if "?" in pattern else url.partition("?")[0]
    # fnmatch does not backtrack over a star; brackets and question marks are escaped, as they are plain characters
    return fnmatchcase(compared, re.sub(r"([\[?])", r"[\1]", pattern))


def _read(given: object, pattern: str) -> HttpAnswer:
    """Return the answer that a function of the test stands for by its result.

    Raises:
        OptionError: The result has none of the forms that a function may return, or raises an exception when it is
            read.
    """
    try:
        return _as_answer(given, pattern)
    except OptionError:
        raise
    except Exception as raised:  # noqa: BLE001 - named as the cause, if Python can print it
        kind = name_of(type(given))
        raise OptionError(
            f"the function for {pattern} answered a {kind} that cannot be read: {text_of(raised)}"
        ) from showable(raised)


def _as_answer(given: object, pattern: str) -> HttpAnswer:
    """Return the result of a function of the test as an answer.

    Args:
        given: The result.
        pattern: The pattern of the function, for the error's text.

    Raises:
        OptionError: The result has none of the forms that a function may return.
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
    """Return words for a result of a function, without its contents, which may be a secret."""
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
    """Return a body as the bytes that are sent; None if the value cannot be a body."""
    if isinstance(body, dict | list):
        try:
            return dumps(body).encode()
        except (TypeError, ValueError):
            return None
    if isinstance(body, str):
        return body.encode()
    return body or b"" if isinstance(body, bytes | None) else None


def _ask_responses(call: HttpCall) -> HttpAnswer:
    """Return the answer of `responses`, which replaces the method by which an adapter of `requests` sends.

    Raises:
        _NotServed: `responses` has no answer, or is not imported.
        ConnectionError: `responses` is set up to refuse the connection, or `requests` finds the URL invalid.
        TimeoutError: `responses` is set up to let the request time out.
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
        raise TimeoutError(_text_without_secrets(error, call)) from error
    except requests.RequestException as error:
        if str(error).startswith(RESPONSES_HAS_NONE):
            raise _NotServed from None
        raise ConnectionError(_text_without_secrets(error, call)) from error
    if (answer.status_code, body) in MOTO_HAS_NONE:
        raise _NotServed
    return HttpAnswer(status=answer.status_code, headers=Headers(answer.headers), body=body)


def _ask_httpx_mocks(call: HttpCall) -> HttpAnswer:
    """Return the answer of `respx` or `pytest-httpx`, which replace parts of `httpcore` or `httpx`.

    Raises:
        _NotServed: The mocks have no answer, or are not imported.
        ConnectionError: A mock is set up to refuse the connection, or `httpx` finds the URL invalid.
        TimeoutError: A mock is set up to let the request time out.
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
        raise TimeoutError(_text_without_secrets(error, call)) from error
    except httpx.RequestError as error:
        raise ConnectionError(_text_without_secrets(error, call)) from error
    return HttpAnswer(status=answer.status_code, headers=Headers(answer.headers), body=answer.content)


def _no_url(call: HttpCall) -> ConnectionError:
    """Return the error for a URL that a library finds invalid; the library's own text might show secrets in the URL."""
    return ConnectionError(f"{shown_url(call.url)} is no valid URL")


def _text_without_secrets(error: Exception, call: HttpCall) -> str:
    """Return the text of an error without the parts of the URL that may be secret."""
    return without_secrets_of(call.url, str(error))


def _replace(holder: object, name: str, value: object) -> None:
    """Replace an attribute of a library.

    Raises:
        _NotServed: The installed version of the library has no such attribute.
    """
    if not hasattr(holder, name):
        raise _NotServed(name)
    setattr(holder, name, value)
