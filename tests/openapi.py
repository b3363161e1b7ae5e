"""Answers held against what the OpenAPI document promises for them."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from openapi_schema_validator import OAS31Validator, oas31_format_checker


class CheckedClient(TestClient):
    """A client that fails when an answer is not one that the document promises: status, content type, schema."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, raise_server_exceptions=False)
        self.document = app.openapi()

    def request(self, method: Any, url: Any, *args: Any, **options: Any) -> Any:
        """Ask, and check the answer."""
        answer = super().request(method, url, *args, **options)
        path = str(answer.url.path)
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) and str(method).lower() in operations:
                check_answer(self.document, operations[str(method).lower()], answer)
                break
        return answer


def check_answer(document: dict[str, Any], operation: dict[str, Any], answer: Any) -> None:
    """Check one answer against its operation."""
    asked = f"{answer.request.method} {answer.url} -> {answer.status_code}"
    promised = operation["responses"].get(str(answer.status_code))
    assert promised is not None, f"{asked} is not documented; the answer was {answer.text}"
    for name in promised.get("headers", {}):
        assert name in answer.headers, f"{asked} has no {name}"
    content = promised.get("content", {})
    if not content:
        assert answer.content == b"", f"{asked} should have no content"
        return
    media_type = answer.headers["content-type"].split(";")[0]
    assert media_type in content, f"{asked} is {media_type}"
    if media_type.endswith("json"):
        check_document(document, content[media_type]["schema"], answer.json(), asked)


def check_document(document: dict[str, Any], schema: dict[str, Any], value: Any, what: str) -> None:
    """Check a JSON value against a schema of the document."""
    whole = {**schema, "components": document["components"]}
    problems = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in OAS31Validator(whole, format_checker=oas31_format_checker).iter_errors(value)
    ]
    assert problems == [], f"{what}: {problems}"
