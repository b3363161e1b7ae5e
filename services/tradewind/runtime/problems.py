"""Errors as RFC 9457 problem documents, answered and described."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from tradewind.runtime.documents import examples_of
from tradewind.store.database import DATABASE_AWAY

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = "2"
_SCHEMAS: Final = ("HTTPValidationError", "ValidationError")
"""What the framework describes its own errors with; ours are problem documents."""


class Problem(BaseModel):
    """A problem document (RFC 9457): what went wrong, where and what to do. Further members carry the numbers."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "there is no order 7d1f3c1e-6a0b-4d6e-9a53-0f2c5f2c7d11",
                    "instance": "/orders/7d1f3c1e-6a0b-4d6e-9a53-0f2c5f2c7d11",
                    "order_id": "7d1f3c1e-6a0b-4d6e-9a53-0f2c5f2c7d11",
                }
            ]
        },
    )

    type: str = Field(description="`about:blank`: the title says all that there is to say of the kind of problem.")
    title: str = Field(description="The status in words.")
    status: int = Field(ge=400, le=599, description="The HTTP status.")
    detail: str = Field(description="What went wrong in this very request, and what to do.")
    instance: str = Field(description="The path that was asked.")


class ProblemError(Exception):
    """An error with an HTTP status. Extra members carry the numbers behind it."""

    def __init__(self, status: HTTPStatus, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.members = members


def problem_response(status: HTTPStatus, detail: str, instance: str, **members: Any) -> JSONResponse:
    """Return a problem document as a response."""
    document = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return JSONResponse({**document, "instance": instance, **members}, status.value, media_type=MEDIA_TYPE)


def describe_problems(whys: Mapping[HTTPStatus, str]) -> dict[int | str, dict[str, Any]]:
    """Return what a route says of its problems: each status with why it comes, for the `responses` of a route."""
    return {
        status.value: {
            "description": why,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": {
                        "type": "about:blank",
                        "title": status.phrase,
                        "status": status.value,
                        "detail": why,
                        "instance": "/what/was/asked",
                    },
                }
            },
        }
        for status, why in whys.items()
    }


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the app with a problem document, and say so in its description."""

    @app.exception_handler(ProblemError)
    async def _problem(request: Request, error: ProblemError) -> JSONResponse:
        return problem_response(error.status, error.detail, request.url.path, **error.members)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        response = problem_response(HTTPStatus(error.status_code), str(error.detail), request.url.path)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        detail = "; ".join(f"{e['field']}: {e['message']}" for e in errors)
        return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, detail, request.url.path, errors=errors)

    @app.exception_handler(DATABASE_AWAY)
    async def _away(request: Request, error: Exception) -> JSONResponse:
        reason = str(error).strip().splitlines()[:1]
        detail = f"the database does not answer: {''.join(reason)}; try again"
        response = problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail, request.url.path)
        response.headers["Retry-After"] = RETRY_SECONDS
        return response

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        detail = f"unexpected {type(error).__name__}; the service's log has the trace"
        return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, detail, request.url.path)

    _describe(app)


def _describe(app: FastAPI) -> None:
    """Put problem documents where the framework describes errors of its own, and nulls back into examples."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = describe()
            for operations in document["paths"].values():
                for operation in operations.values():
                    _describe_invalid(operation)
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for name in _SCHEMAS:
                schemas.pop(name, None)
            schemas["Problem"] = Problem.model_json_schema()
            # The framework leaves nulls out of examples, and many a member is there and null.
            for name, examples in examples_of().items():
                if name in schemas:
                    schemas[name]["examples"] = examples
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # how FastAPI lets a description be extended


def _describe_invalid(operation: dict[str, Any]) -> None:
    """Describe what ill-formed input is answered with, where an operation takes input that can be ill-formed."""
    if "application/json" not in operation["responses"].get("422", {}).get("content", {}):
        return
    if "requestBody" in operation or any(parameter["in"] != "header" for parameter in operation["parameters"]):
        why = "What was asked for is not well formed; `errors` name the fields."
        operation["responses"]["422"] = describe_problems({HTTPStatus.UNPROCESSABLE_ENTITY: why})[422]
    else:
        del operation["responses"]["422"]
