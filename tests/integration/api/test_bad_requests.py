"""Requests that are wrong as a whole: no JSON, no such route, headers and parameters that nobody knows."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.integration.api.one_portfolio import Portfolio, portfolio
from tests.integration.api.operations import JSON_WRITES, Operation, operations
from tests.integration.api.valid_bodies import VALID

__all__ = ["portfolio"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERY = pytest.mark.parametrize("operation", JSON_WRITES, ids=lambda found: found.name)
KNOWN = [found for found in operations() if found.needs_key]
JSON = "application/json"

NOT_JSON = (
    b"{", b"}", b'{"name": }', b'{"name": "x",}', b"{'name': 'x'}", b'{name: "x"}', b'{"name": "x"} {}', b"nope",
    b'{"name": NaN}', b'{"name": Infinity}', b'{"name": 1e400}', b'{"name": 01}', b'{"name": "\n"}', b"\x00",
    b'{"name": "\xff"}', b'{"name": "\xed\xa0\x80"}', b'{"name": "\\ud800"}', b'\xef\xbb\xbf{"name": "x"}',
    '{"name": "x"}'.encode("utf-16"), b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b"// x",
)  # fmt: skip
NOT_AN_OBJECT = (b"12", b"true", b"null", b'"text"', b"[]", b'[{"name": "x"}]')
IGNORED = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "json", "")
A_FILE = b'--b\r\nContent-Disposition: form-data; name="username"; filename="f"\r\n\r\nx\r\n--b--\r\n'


def problem_of(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: dict[str, Any] = response.json()
    assert problem["status"] == response.status_code
    assert problem["title"]
    assert problem["request_id"] == response.headers["x-request-id"]
    return problem


def answered(response: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    problem = problem_of(response)
    faults = [(fault["pointer"], fault["code"]) for fault in problem["errors"]]
    return response.status_code, problem["code"], faults


async def send(portfolio: Portfolio, operation: Operation, content: Any, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return await portfolio.client.request(
        operation.method, operation.at(portfolio.ids), content=content, headers={"Content-Type": JSON} | names
    )


@EVERY
async def test_a_body_that_is_no_json_object_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    before = await portfolio.state()

    broken = [answered(await send(portfolio, operation, body)) for body in NOT_JSON]
    other = [answered(await send(portfolio, operation, body)) for body in NOT_AN_OBJECT]
    empty = answered(await send(portfolio, operation, b""))

    assert broken == [(400, "invalid_json", [("#", "invalid_json")])] * len(NOT_JSON)
    assert {(status, faults[0][0]) for status, _, faults in other} == {(422, "#")}
    assert empty == (422, "validation_failed", [("#", "required")])
    assert await portfolio.state() == before


@EVERY
async def test_a_name_that_is_said_twice_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    """Which of the two counted would depend on who reads it."""
    body = b'{"name": "a", "name": "b", "x": {"y": 1}}'
    nested = b'{"items": [{"name": "a", "name": "b"}]}'

    seen = [answered(await send(portfolio, operation, content)) for content in (body, nested)]

    assert seen == [(400, "invalid_json", [("#", "repeated_name")])] * 2


@EVERY
async def test_another_media_type_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    content = httpx.Request("POST", "http://api", json=portfolio.valid(operation.name)).content
    before = await portfolio.state()

    other = [answered(await send(portfolio, operation, content, Content_Type=kind)) for kind in IGNORED]
    packed = answered(await send(portfolio, operation, gzip.compress(content), Content_Encoding="gzip"))
    lying = answered(await send(portfolio, operation, content, Content_Encoding="gzip"))
    without = httpx.Request(operation.method, f"http://api{operation.at(portfolio.ids)}", content=content)
    silent = answered(await portfolio.client.send(_as_caller(portfolio, without)))

    refused = (415, "unsupported_media_type", [("header:Content-Type", "unsupported_media_type")])
    assert [*other, silent] == [refused] * (len(IGNORED) + 1)
    assert [packed, lying] == [(415, refused[1], [("header:Content-Encoding", refused[1])])] * 2
    assert await portfolio.state() == before


def _as_caller(portfolio: Portfolio, request: httpx.Request) -> httpx.Request:
    request.headers["Authorization"] = portfolio.client.headers["Authorization"]
    return request


@EVERY
async def test_a_body_over_the_limit_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    async def trickling() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b" " * 100_000

    announced = answered(await send(portfolio, operation, b" " * 1_100_000))
    chunked = answered(await send(portfolio, operation, trickling()))

    assert [announced, chunked] == [(413, "too_large", [])] * 2


@pytest.mark.parametrize("operation", KNOWN, ids=lambda found: found.name)
async def test_an_unknown_parameter_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    body = portfolio.valid(operation.name) if operation.name in VALID else None
    ids = portfolio.ids | {"imports": portfolio.ids["customers"]}
    before = await portfolio.state()

    unknown = await portfolio.client.request(operation.method, operation.at(ids) + "?no_such=1", json=body)
    nul = await portfolio.client.request(operation.method, operation.at(ids) + "?no_such=%00", json=body)
    name = await portfolio.client.request(operation.method, operation.at(ids) + "?%00=1&%ff=2", json=body)

    wrong = [("?no_such", "unknown_parameter")]
    assert [answered(unknown), answered(nul)] == [(400, "unknown_parameter", wrong)] * 2
    assert answered(name)[:2] == (400, "unknown_parameter")
    assert await portfolio.state() == before


LISTS = [found for found in KNOWN if found.method == "GET" and not found.parameters]


@pytest.mark.parametrize("operation", LISTS, ids=lambda found: found.name)
@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=1e9", "cursor=%00", "cursor=nonsense", "sort=%27"])
async def test_a_parameter_with_a_wrong_value_is_refused(
    portfolio: Portfolio, operation: Operation, query: str
) -> None:
    response = await portfolio.client.get(f"{operation.path}?{query}")

    status, _, faults = answered(response)
    assert status in {400, 422}
    assert [pointer for pointer, _ in faults] == [f"?{query.partition('=')[0]}"]


VERSIONED = [found for found in KNOWN if "If-Match" in found.headers]
REMEMBERING = [found for found in JSON_WRITES if "Idempotency-Key" in found.headers]


async def test_the_document_says_which_operations_read_the_two_headers() -> None:
    assert len(VERSIONED) > 30
    assert len(REMEMBERING) > 30
    assert all(found.method in {"PATCH", "DELETE"} for found in VERSIONED)


@pytest.mark.parametrize("operation", VERSIONED, ids=lambda found: found.name)
async def test_an_if_match_that_is_no_etag_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    body = portfolio.valid(operation.name) if operation.name in VALID else None
    path, before = operation.at(portfolio.ids), await portfolio.state()

    for given in ("x", '"x"', '"-1"', "12345678901234567890", "²"):
        headers = [(b"If-Match", given.encode())]
        response = await portfolio.client.request(operation.method, path, json=body, headers=headers)
        assert answered(response) == (422, "validation_failed", [("header:If-Match", "bad_value")])
    stale = await portfolio.client.request(operation.method, path, json=body, headers={"If-Match": '"999"'})

    assert (stale.status_code, problem_of(stale)["code"]) == (412, "precondition_failed")
    assert problem_of(stale)["current_version"] >= 1
    assert await portfolio.state() == before


@pytest.mark.parametrize("operation", REMEMBERING, ids=lambda found: found.name)
async def test_an_idempotency_key_that_is_none_is_refused(portfolio: Portfolio, operation: Operation) -> None:
    body, before = portfolio.valid(operation.name), await portfolio.state()

    for given in (b"", b'""', b"x" * 256, b"\xe9\xe8"):
        headers = [(b"Idempotency-Key", given)]
        response = await portfolio.client.request(
            operation.method, operation.at(portfolio.ids), json=body, headers=headers
        )
        assert answered(response) == (422, "validation_failed", [("header:Idempotency-Key", "bad_value")])

    assert await portfolio.state() == before


async def test_an_unknown_route_and_a_wrong_method_are_problems(portfolio: Portfolio) -> None:
    call = portfolio.client.request

    unknown = [
        answered(await call("GET", path))
        for path in ("/", "/v1", "/v2/customers", "/v1/nothing", "/v1/customers/", "/v1/%00", "/%ff", "//v1/customers")
    ]
    wrong = await call("PUT", "/v1/customers")
    of_one = await call("POST", f"/v1/customers/{portfolio.ids['customers']}")

    assert unknown == [(404, "not_found", [])] * len(unknown)
    assert [answered(wrong), answered(of_one)] == [(405, "method_not_allowed", [])] * 2
    assert wrong.headers["allow"] == "GET, POST"
    assert of_one.headers["allow"] == "DELETE, GET, PATCH"


@pytest.mark.parametrize("operation", KNOWN, ids=lambda found: found.name)
async def test_nobody_gets_in_without_a_key(portfolio: Portfolio, operation: Operation) -> None:
    ids = portfolio.ids | {"imports": portfolio.ids["customers"]}
    body = portfolio.valid(operation.name) if operation.name in VALID else None

    for given in (b"", b"Bearer", b"Bearer pk_unknown", b"Basic eDp5", b"Bearer \xff\x00"):
        headers = [(b"Authorization", given)]
        response = await portfolio.client.request(operation.method, operation.at(ids), json=body, headers=headers)
        assert answered(response) == (401, "unauthorized", [])
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/x-www-form-urlencoded", b"username=%00&password=x"),
        ("application/x-www-form-urlencoded", b"username=a%40b.fr&password=%00"),
        ("application/x-www-form-urlencoded", b"username=a%40b.fr&password=x&client_id=%00"),
        ("application/x-www-form-urlencoded", b"username=%ff%fe&password=%ed%a0%80"),
        ("application/x-www-form-urlencoded", b"username=" + b"x" * 5000),
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"a=1&" * 5000),
        ("multipart/form-data", b"nothing"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=username\r\n\r\n\x00"),
        ("multipart/form-data; boundary=b", A_FILE),
        (JSON, b'{"username": "a@b.fr", "password": "x"}'),
        ("text/plain", b"x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/auth/token", "/v1/imports"])
async def test_a_form_that_makes_no_sense_is_refused(
    portfolio: Portfolio, path: str, kind: str, content: bytes
) -> None:
    before = await portfolio.state()

    response = await portfolio.client.post(path, content=content, headers={"Content-Type": kind})

    assert 400 <= response.status_code < 500
    assert problem_of(response)["code"]
    assert await portfolio.state() == before


@pytest.mark.parametrize("content", [*NOT_JSON, *NOT_AN_OBJECT, b"", b'{"a": "\\u0000"}'])
@pytest.mark.parametrize("provider", ["brevo", "aircall", "nobody", "%00"])
async def test_a_call_of_no_provider_we_know_is_refused(portfolio: Portfolio, provider: str, content: bytes) -> None:
    """Whatever the body: only the holder of the endpoint's secret has it read at all."""
    before = await portfolio.state()

    path = f"/v1/webhooks/in/{provider}/{portfolio.ids['inbound-endpoints']}"
    response = await portfolio.client.post(path, content=content, headers={"Content-Type": JSON})

    assert 400 <= response.status_code < 500
    assert problem_of(response)["code"]
    assert await portfolio.state() == before
