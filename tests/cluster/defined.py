"""Definitions of resources, put into the API server and in force."""

import time
from typing import Any

from tests.api_server import ApiServer

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def define(api: ApiServer, *documents: dict[str, Any]) -> None:
    """Apply CustomResourceDefinitions and wait until objects of them can be made."""
    for document in documents:
        name = document["metadata"]["name"]
        done = api.request(
            "PATCH",
            f"{DEFINITIONS}/{name}?fieldManager=tests&force=true",
            document,
            headers={"Content-Type": "application/apply-patch+yaml"},
        )
        assert done.status_code in (200, 201), done.text
    for document in documents:
        wait_until_served(api, document)


def wait_until_served(api: ApiServer, document: dict[str, Any]) -> None:
    spec = document["spec"]
    path = f"/apis/{spec['group']}/{spec['versions'][0]['name']}/{spec['names']['plural']}"
    end = time.monotonic() + 30
    while api.request("GET", path).status_code != 200:
        assert time.monotonic() < end, f"{path} is not served"
        time.sleep(0.05)
