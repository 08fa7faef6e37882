"""API destinations: an HTTPS request made of the event, the target's parameters and the destination's connection.

An invocation is not enough for the request: endpoint, method and secrets are in the account. So the kind has no
``request``, and the delivery calls `invocation_call` with the members of the API destination and its connection.

Source: "API destinations" and "Connections" of the user guide, as of 2025 (headers, removed headers, status codes,
Retry-After); the model's texts on HttpParameters (the connection's parameters replace the target's) and on the
connection's parameters (64 KB); targets-and-delivery section 4. None of this was recorded. Observed: a path into the
event that leads nowhere gives an empty value of a header or of the query. Inferred, and noted again at each place: such
a path gives an empty value in the endpoint's path too; values may be paths into the event, and names may not;
parameters replace the endpoint's own query; how characters are escaped; GET and HEAD have the body; a body parameter
fails with a body that is not an object; authorization replaces headers of the same name; X-Amzn-Trace-Id is sent; and
all of the token request but its grant.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote, unquote_plus, urlencode, urlsplit

from eventmock.target_kinds.http_call import Headers, HttpAnswer, HttpCall
from eventmock.target_kinds.kind import NAME, InvalidRequest, Permission, TargetKind
from eventmock.transform.json_text import JsonText, NotJson
from eventmock.values.urls import shown_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Members = Mapping[str, Any]

KIND = TargetKind(
    name="API destination",
    service="events",
    resource=f"api-destination/{NAME}/{NAME}",
    parameters="HttpParameters",
    permission=Permission("events:InvokeApiDestination", "AmazonEventBridge"),
)

SENT: Final = {
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
}
"""The headers of every request."""

REMOVED: Final = (
    "A-IM",
    "Accept-Charset",
    "Accept-Datetime",
    "Accept-Encoding",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-MD5",
    "Date",
    "Expect",
    "Forwarded",
    "From",
    "Host",
    "HTTP2-Settings",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Max-Forwards",
    "Origin",
    "Pragma",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "Via",
    "Warning",
)
"""The headers that users may not define: AWS removes them, and then adds its own."""

JSON_TYPE: Final = "application/json; charset=utf-8"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
LARGEST_PAYLOAD: Final = 64 * 1024
UNAUTHORIZED: Final = (401, 407)
_REMOVED: Final = frozenset(name.lower() for name in REMOVED)
_SECONDS: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]+)?")
_NOT_IN_HEADERS: Final = re.compile(r"[\r\n\0]")


class TokenRefused(Exception):  # noqa: N818 - it says what happened
    """The authorization endpoint did not answer with a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An OAuth access token.

    Attributes:
        type: The type of the token, such as ``Bearer``.
        value: The token itself, which is secret.
        expires_in: The lifetime of the token in seconds; None if the endpoint stated none.
    """

    type: str = "Bearer"
    value: str = field(repr=False)
    expires_in: float | None = None


class HttpInvocation(Protocol):
    """What the request to an API destination is made of: an `Invocation` of a rule, or a batch of a subscriber."""

    @property
    def target(self) -> Mapping[str, Any]:
        """The members of the target, with its ``HttpParameters``."""

    @property
    def body(self) -> str:
        """The body."""

    @property
    def trace_header(self) -> str | None:
        """The X-Ray trace header; None if there is none."""

    @property
    def region(self) -> str:
        """The region of the rule's bus, or of the subscriber."""

    @property
    def account(self) -> str:
        """The account of the rule's bus, or of the subscriber."""

    def resolved(self, value: str) -> str:
        """Return the value of a parameter as it is sent.

        Raises:
            InvalidRequest: EventBridge does not accept it.
        """


def invocation_call(
    invocation: HttpInvocation, *, endpoint: str, http_method: str, connection: Members, token: Token | None
) -> HttpCall:
    """Return the request that delivers to an API destination.

    Args:
        invocation: The event and the target.
        endpoint: The API destination's ``InvocationEndpoint``.
        http_method: The API destination's ``HttpMethod``. The request has a body with every method (inferred for GET
            and HEAD).
        connection: The ``AuthParameters`` of an authorized connection, with their secrets.
        token: The token of a connection with OAuth; None for other connections, and before there is a token.

    Raises:
        InvalidRequest: The parameters do not fit the endpoint or the event.
    """
    target = invocation.target.get("HttpParameters", {})
    common = connection.get("InvocationHttpParameters", {})
    path_values = [invocation.resolved(value) for value in target.get("PathParameterValues", ())]
    query = _resolved(invocation, target.get("QueryStringParameters", {}))
    query |= _pairs(common, "QueryStringParameters")
    headers = Headers(_resolved(invocation, target.get("HeaderParameters", {})))
    _update(headers, _pairs(common, "HeaderParameters"))
    body = _merged(invocation.body, _pairs(common, "BodyParameters"))
    _check_size(body, headers, query)
    _update(headers, _authorization(connection, token))
    if invocation.trace_header is not None:
        headers["X-Amzn-Trace-Id"] = invocation.trace_header
    return _call(
        http_method,
        _with_query(_filled(endpoint, path_values), query),
        headers,
        body,
        content_type=JSON_TYPE,
        region=invocation.region,
        account=invocation.account,
    )


def token_call(oauth: Members, *, region: str, account: str) -> HttpCall:
    """Return the request for an OAuth token.

    The form of the request is inferred from RFC 6749 section 4.4.2; only this function depends on it. Id and secret are
    in the form beside the grant. The form is the body, or with GET the query. Parameters of the connection replace all
    of these. The headers are those of invocations, apart from the content type.

    Args:
        oauth: The ``OAuthParameters`` of a connection, with their secrets.
        region: The connection's region.
        account: The connection's account.
    """
    client, given = oauth["ClientParameters"], oauth.get("OAuthHttpParameters", {})
    form = {
        "grant_type": "client_credentials",
        "client_id": client["ClientID"],
        "client_secret": client["ClientSecret"],
    } | _pairs(given, "BodyParameters")
    query = _pairs(given, "QueryStringParameters")
    method = oauth["HttpMethod"].upper()
    if method == "GET":
        form, query = {}, form | query
    return _call(
        method,
        _with_query(oauth["AuthorizationEndpoint"], query),
        Headers(_pairs(given, "HeaderParameters")),
        urlencode(form),
        content_type=FORM_TYPE,
        region=region,
        account=account,
    )


def read_token(answer: HttpAnswer) -> Token:
    """Return the token in the authorization endpoint's answer, in the form of RFC 6749 section 5.1.

    A token without a type is a bearer token (inferred).

    Raises:
        TokenRefused: The answer contains no token. The error's text has only the status of the answer.
    """
    try:
        content = answer.json
    except ValueError:
        content = None
    value = content.get("access_token") if isinstance(content, dict) else None
    if answer.status not in range(200, 300) or not isinstance(value, str) or not value:
        raise TokenRefused(f"the authorization endpoint answered {answer.status} without an access_token")
    kind = content.get("token_type")
    is_bearer = not isinstance(kind, str) or kind.lower() == "bearer"
    return Token(
        type="Bearer" if is_bearer else kind, value=value, expires_in=_seconds(content.get("expires_in"))
    )


def retry_after(answer: HttpAnswer, now: datetime) -> float | None:
    """Return the seconds in the Retry-After header; None if it is missing or cannot be read.

    They are negative only if the header has a negative number. A date in the past means 0 seconds (inferred).

    Args:
        answer: The answer of the endpoint.
        now: The moment at which the answer came, an aware datetime.
    """
    text = answer.headers.get("Retry-After", "")
    seconds = _seconds(text)
    if seconds is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment - now).total_seconds())


def _call(  # noqa: PLR0913 - all that a request is made of
    method: str, url: str, headers: Headers, body: str, *, content_type: str, region: str, account: str
) -> HttpCall:
    """Return a request with AWS's headers, and with the user's headers that AWS does not remove.

    Raises:
        InvalidRequest: The value of a header contains a line break.
    """
    for name, value in headers.items():
        if _NOT_IN_HEADERS.search(value):
            raise InvalidRequest(f"header {name} would span lines")
    content = body.encode(errors="replace")
    sent = Headers({"Content-Type": content_type})
    _update(sent, {name: value for name, value in headers.items() if name.lower() not in _REMOVED})
    _update(sent, SENT)
    sent["Content-Length"] = str(len(content))
    sent["Host"] = urlsplit(url).netloc.rpartition("@")[2]
    return HttpCall(method=method, url=url, headers=sent, body=content, region=region, account=account)


def _authorization(connection: Members, token: Token | None) -> dict[str, str]:
    """Return the header by which a request is authorized; empty if there is none."""
    if token is not None:
        return {"Authorization": f"{token.type} {token.value}"}
    if "ApiKeyAuthParameters" in connection:
        key = connection["ApiKeyAuthParameters"]
        return {key["ApiKeyName"]: key["ApiKeyValue"]}
    if "BasicAuthParameters" not in connection:
        return {}
    user = connection["BasicAuthParameters"]
    credentials = f"{user['Username']}:{user['Password']}".encode()
    return {"Authorization": f"Basic {b64encode(credentials).decode()}"}


def _pairs(parameters: Members, name: str) -> dict[str, str]:
    """Return a connection's parameters of one sort, without those that lack a key or a value (inferred)."""
    return {
        given["Key"]: given["Value"] for given in parameters.get(name, ()) if {"Key", "Value"} <= given.keys()
    }


def _resolved(invocation: HttpInvocation, values: Mapping[str, str]) -> dict[str, str]:
    """Return parameters in which paths into the event are replaced by the values there."""
    return {name: invocation.resolved(value) for name, value in values.items()}


def _update(headers: Headers, others: Mapping[str, str]) -> None:
    """Set headers. They replace headers of the same name in any case, which `dict.update` would not."""
    for name, value in others.items():
        headers[name] = value


def _check_size(body: str, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
    """Check that the event and its parameters are not larger than AWS sends.

    Documented: each additional parameter counts towards the payload. Inferred: a delivery that is too large fails, the
    target's parameters count as the connection's do, and names count.

    Raises:
        InvalidRequest: The event and its parameters are larger.
    """
    parameters = (text for pairs in (headers, query) for pair in pairs.items() for text in pair)
    size = sum(len(text.encode(errors="replace")) for text in (body, *parameters))
    if size > LARGEST_PAYLOAD:
        raise InvalidRequest(
            f"the payload with its parameters has {size} bytes; an API destination takes {LARGEST_PAYLOAD} at most"
        )


def _filled(endpoint: str, values: Sequence[str]) -> str:
    """Return the endpoint with each ``*`` in its path replaced by a value; a ``*`` in its query is not (inferred).

    Raises:
        InvalidRequest: The number of values is not the number of ``*``.
    """
    path, mark, query = endpoint.partition("?")
    first, *others = path.split("*")
    if len(others) != len(values):
        raise InvalidRequest(
            f"{shown_url(path)} wants as many PathParameterValues as it has *: {len(others)}, not {len(values)}"
        )
    filled = "".join(quote(value, safe="") + other for value, other in zip(values, others, strict=True))
    return f"{first}{filled}{mark}{query}"


def _with_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return the URL with parameters added, which replace those of the same name in its own query (inferred)."""
    base, _, own = url.partition("?")
    kept = [
        pair for pair in own.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in parameters
    ]
    added = urlencode(parameters, quote_via=quote, safe="")
    query = "&".join([*kept, *filter(None, [added])])
    return f"{base}?{query}" if query else base


def _merged(body: str, parameters: Mapping[str, str]) -> str:
    """Return the body with parameters as members of its object, which replace those of the same name.

    Raises:
        InvalidRequest: There are parameters, and the body is not an object (inferred).
    """
    if not parameters:
        return body
    try:
        content = JsonText.parse(body)
    except NotJson as error:
        raise InvalidRequest(f"BodyParameters want a JSON object: {error}") from None
    if not content.is_object:
        raise InvalidRequest("BodyParameters want a JSON object, got another value")
    members = content.members() | {name: JsonText.of_string(value) for name, value in parameters.items()}
    return (
        f"{{{','.join(f'{JsonText.of_string(name).text}:{value.text}' for name, value in members.items())}}}"
    )


def _seconds(value: object) -> float | None:
    """Return the seconds that a header or a JSON member states; None if the value is not a number."""
    text = str(value).strip()
    return float(text) if _SECONDS.fullmatch(text) else None
