"""What tests share."""

from __future__ import annotations

import functools
import gc
import shutil
import time

import pytest
from botocore.awsrequest import AWSPreparedRequest, HTTPHeaders
from botocore.endpoint import convert_to_response_dict
from botocore.loaders import Loader
from hypothesis import settings

from eventmock.mock.gate import Gate
from eventmock.services.table import services
from eventmock.wire import AwsError
from eventmock.wire.cbor import decode
from eventmock.wire.request import read_request

settings.register_profile("without deadlines", deadline=None)
settings.load_profile("without deadlines")

ORDER = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID"}'}


UNREADABLE = {"InternalFailure", "SerializationException", "UnknownOperationException"}
COMMON_ERRORS = {
    "events": {*UNREADABLE, "NotBuiltInEventmock", "ValidationException"},
    "app-integrations": UNREADABLE,
    "scheduler": UNREADABLE,
    "eventsv2": {*UNREADABLE, "NotBuiltInEventmock"},
}
"""What any operation may answer although the model lists it nowhere; ``NotBuiltInEventmock`` is ours."""

NOT_MODELLED = {
    ("CreateApiDestination", "ValidationException"),
    ("CreateEndpoint", "ResourceNotFoundException"),
    ("DeleteEventBus", "ResourceNotFoundException"),
    ("ListEndpoints", "InvalidToken"),
    ("ListTargetsByRule", "InvalidTokenException"),
    ("PutEvents", "AccessDeniedException"),
    ("PutEvents", "InvalidSignatureException"),
    ("PutEvents", "MissingAuthenticationTokenException"),
    ("PutEvents", "ResourceNotFoundException"),
    ("PutTargets", "AccessDeniedException"),
    ("TagResource", "LimitExceededException"),
    ("TagResource", "ServiceQuotaExceededException"),
    ("UpdateEndpoint", "ResourceNotFoundException"),
}
"""What an operation answers although its model does not say so: recorded or, for endpoints and tags, inferred.

That PutTargets is refused by the policy of another account's bus was reported by users of AWS.
"""


SERVICES = {service.endpoint_prefix: service.model for service in services()}


LOOSENED = {service.endpoint_prefix: service.face.corrections.loosened for service in services()}


@pytest.fixture
def constraint_of():
    """A function that gives a constraint of a shape by the installed model, or what AWS has loosened it to since."""

    def constraint_of(client, shape, constraint):
        loosened = LOOSENED[client.meta.service_model.endpoint_prefix]
        installed = client.meta.service_model.shape_for(shape).metadata[constraint]
        value = tuple(installed) if isinstance(installed, list) else installed
        newer = {(row.shape, row.constraint, row.old): row.new for row in loosened}
        return newer.get((shape, constraint, value), value)

    return constraint_of


@functools.cache
def modelled_errors(service):
    """The codes of the errors that the installed model of a service lists, by operation."""
    description = Loader().load_service_model(service, "service-2")
    return {
        name: {error["shape"] for error in operation.get("errors", ())}
        for name, operation in description["operations"].items()
    }


def code_in(response):
    """The error code of an answer; that of a common error if it has none."""
    if response.headers["Content-Type"] == "application/cbor":
        return decode(response.body).get("__type", "InternalFailure").rpartition("#")[2]
    return response.headers.get("x-amzn-ErrorType", "InternalFailure").partition(":")[0]


def operation_of(service, request):
    """The name of the operation that a request asks for; empty if it cannot be read."""
    try:
        return read_request(service, request)[0].name
    except AwsError:
        return ""


@pytest.fixture(autouse=True)
def _every_error_is_one_of_its_operation():
    """In every test without faults, an error that an operation answers is modelled, common or named above."""
    answer = Gate.answer

    def answer_and_check(gate, endpoint_prefix, request):
        response = answer(gate, endpoint_prefix, request)
        code = code_in(response)
        was_injected = gate._state.faults.any
        if endpoint_prefix in SERVICES and not was_injected and code not in COMMON_ERRORS[endpoint_prefix]:
            service = SERVICES[endpoint_prefix]
            name = operation_of(service, request)
            modelled = modelled_errors(service.name).get(name, ())
            assert code in modelled or (name, code) in NOT_MODELLED, f"{name} answers {code}"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gate, "answer", answer_and_check)
        yield


@pytest.fixture
def order():
    """An entry for PutEvents."""
    return dict(ORDER)


@pytest.fixture
def events(events_backend):
    """A client of the mocked service."""
    return events_backend.client()


class QuickClient:
    """A client of a JSON service for tests that call it thousands of times, and are about the service.

    Parameters are checked and written, and answers read, as by the client that it is made of. What a client of boto3
    does beside that takes most of its time, and is left out: events, rules for the endpoint, signatures, retries.
    """

    def __init__(self, client):
        self.meta, self.exceptions = client.meta, client.exceptions
        self._client = client
        key = client._request_signer._credentials.access_key
        scope = f"{key}/20260101/{client.meta.region_name}/events/aws4_request"
        self._headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host"}

    def __getattr__(self, method):
        return functools.partial(self._call, self.meta.method_to_api_mapping[method])

    def _call(self, name, **members):
        operation = self.meta.service_model.operation_model(name)
        written = self._client._serializer.serialize_to_request(members, operation)
        headers = HTTPHeaders.from_dict(written["headers"] | self._headers)
        request = AWSPreparedRequest("POST", self.meta.endpoint_url, headers, written["body"], False)
        response = convert_to_response_dict(self._client._endpoint._send(request), operation)
        answer = self._client._response_parser.parse(response, operation.output_shape)
        if "Error" in answer:
            raise self.exceptions.from_code(answer["Error"]["Code"])(answer, name)
        return answer


@pytest.fixture(scope="session")
def quick_client():
    """A function that makes a quick client of a client of EventBridge."""
    return QuickClient


@pytest.fixture
def error_of():
    """A function that calls and gives the code and message AWS answers with."""
    from botocore.exceptions import ClientError

    def error_of(call, **members):
        with pytest.raises(ClientError) as caught:
            call(**members)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return error_of


@pytest.fixture
def answer_of():
    """A function that calls and gives the whole answer, but for what botocore adds."""

    def answer_of(call, **members):
        answer = call(**members)
        del answer["ResponseMetadata"]
        return answer

    return answer_of


@pytest.fixture
def pass_time(events_backend):
    """A function that lets time go by, and gives the moment then."""

    def pass_time(**span):
        events_backend.clock.advance(**span)
        return events_backend.clock.now()

    return pass_time


@pytest.fixture
def seconds():
    """A function that calls another some times, and gives the least CPU time of these calls, in seconds.

    It stops as soon as one of them took at most `enough`. The collector of garbage, whose cost depends on all that
    there is, has a rest; to call it first would cost more than most of what is measured.
    """

    def seconds(function, *arguments, times=5, enough=0.0):
        least = float("inf")
        gc.disable()
        try:
            for _ in range(times):
                begun = time.thread_time()
                function(*arguments)
                least = min(least, time.thread_time() - begun)
                if least <= enough:
                    break
        finally:
            gc.enable()
        return least

    return seconds


@pytest.fixture
def grows_evenly(seconds):
    """A function that sees that what is eight times as large costs less than 2.5 times as much for each doubling."""

    def grows_evenly(function, small, large, *, too_short=0.0):
        """See it; a time below `too_short` counts as that.

        The small one is measured first, so that the large one, which costs the most, is called just once if that is
        quick enough. Of a busy machine it takes more calls until one is not interrupted.
        """
        most = 2.5**3 * max(seconds(function, small), too_short)
        assert seconds(function, large, times=20, enough=most) <= most

    return grows_evenly


CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """A Chromium of the system."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """A function that opens a page, given as text; in the end, nothing must have gone wrong in it."""
    wrong, pages = [], []

    def open_page(text, *, fragment="", scripts=(), **context):
        path = tmp_path / f"{len(pages)}.html"
        path.write_text(text, encoding="utf-8")
        url = path.as_uri()
        page = browser.new_page(**context)
        page.set_default_timeout(10_000)
        pages.append(page)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda request: request.url.partition("#")[0] == url or wrong.append(request.url))
        page.add_init_script(
            "window.violations = [];"
            "addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));"
        )
        for script in scripts:
            page.add_init_script(script)
        page.goto(url + fragment)
        return page

    yield open_page
    violations = [violation for page in pages for violation in page.evaluate("violations")]
    for page in pages:
        page.close()
    assert (wrong, violations) == ([], [])
