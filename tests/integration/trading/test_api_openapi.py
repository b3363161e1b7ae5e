"""The OpenAPI document of the trading service: valid, with an example for everything, and errors as they are."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate
from tests.integration.trading.paper import strategy_with
from tests.openapi import check_document

from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.store.database import Pool
from tradewind.trading.api import add_routes

ROUTES = {
    "/orders": {"get", "post"},
    "/orders/{order_id}": {"get", "delete", "patch"},
    "/positions": {"get"},
    "/portfolio": {"get"},
    "/account": {"get"},
    "/trades": {"get"},
    "/signals": {"get"},
    "/risk": {"get"},
    "/trading-state": {"get", "post"},
    "/trading-state/history": {"get"},
    "/flatten": {"post"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app: FastAPI = create_app("trading", Health())
    add_routes(app, Pool(open=False), strategy_with())
    return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def contents(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every body that is asked for or answered: where, its media type and its description."""
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            yield where, media_type, content
        for status, response in operation["responses"].items():
            for media_type, content in response.get("content", {}).items():
                yield f"{where} {status}", media_type, content


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found = schema
    while "$ref" in found:
        found = document["components"]["schemas"][found["$ref"].rpartition("/")[2]]
    return found


def test_it_is_valid_and_has_the_routes(document: dict[str, Any]) -> None:
    validate(document)
    assert {path: set(methods) for path, methods in document["paths"].items()} == ROUTES


def test_every_operation_says_what_it_is_for(document: dict[str, Any]) -> None:
    named = {tag["name"] for tag in document["tags"]}
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert len(operation["tags"]) >= 1, where
        assert set(operation["tags"]) <= named, where
        assert operation["description"], where
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_every_body_has_examples_that_keep_its_own_promise(document: dict[str, Any]) -> None:
    seen = 0
    for where, media_type, content in contents(document):
        if media_type == "text/plain":
            assert content["example"], where
            continue
        examples = [content["example"]] if "example" in content else resolved(document, content["schema"])["examples"]
        assert examples, where
        for example in examples:
            check_document(document, content["schema"], example, where)
            seen += 1
    assert seen > 60


def test_every_schema_is_described_and_its_example_complete(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name
        for example in schema["examples"]:
            check_document(document, {"$ref": f"#/components/schemas/{name}"}, example, name)
            assert set(schema.get("required", ())) <= set(example), name


def test_numbers_are_text_counts_apart(document: dict[str, Any]) -> None:
    counts = {"fills", "open_positions", "orders_per_minute", "orders", "limit", "change_id", "status"}
    for name, schema in document["components"]["schemas"].items():
        for field, its in schema.get("properties", {}).items():
            kinds = re.findall(r"'type': '(integer|number)'", str(its))
            assert kinds == [] or field in counts, f"{name}.{field} is {kinds}"
            assert "number" not in kinds, f"{name}.{field}"


def test_every_error_is_a_problem_document(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            where = f"{method} {path} {status}"
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], where
                assert response["description"], where
            elif int(status) == 304:
                assert "content" not in response, where
        assert "500" in operation["responses"]
        takes_input = operation.get("requestBody") or any(p["in"] != "header" for p in operation.get("parameters", []))
        assert ("422" in operation["responses"]) == bool(takes_input), f"{method} {path}"
        assert ("503" in operation["responses"]) == (path not in ("/healthz", "/metrics")), f"{method} {path}"


def test_what_is_read_has_a_tag_and_what_is_changed_honours_one(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        if "health" in operation["tags"]:
            continue
        headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
        if method == "get":
            assert "if-none-match" in headers, path
            assert {"200", "304"} <= set(operation["responses"]), path
            assert "ETag" in operation["responses"]["200"]["headers"], path
        if method in ("patch", "delete"):
            assert "if-match" in headers, path
            assert "412" in operation["responses"], path
