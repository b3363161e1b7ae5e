"""A namespace for each test on the API server of the test session."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from tests.api_server import ApiServer


@pytest.fixture
def namespace(api_server: ApiServer) -> Iterator[str]:
    """A namespace of the test's own."""
    name = f"test-{uuid4().hex[:8]}"
    made = api_server.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    assert made.status_code == 201, made.text
    yield name
    api_server.request("DELETE", f"/api/v1/namespaces/{name}")
