"""The public API, put together from the apps' routers."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI

from samkraft.calls.api.calls import router as calls
from samkraft.calls.api.reports import router as reports
from samkraft.feeds.api import router as feeds
from samkraft.networks.api.activities import router as activities
from samkraft.networks.api.actors import router as actors
from samkraft.networks.api.networks import router as networks
from samkraft.statistics.api import router as statistics
from samkraft.ui.access import PUBLIC, declare_external, public_page

api = NinjaAPI(
    title="Samkraft API",
    version="1",
    description="Open data about places, emissions, pathways, networks, actors, posts and calls. No key is needed.",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
)
api.add_router("", statistics, tags=["Open data"])
api.add_router("", networks, tags=["Networks"])
api.add_router("", actors, tags=["Networks"])
api.add_router("", activities, tags=["Networks"])
api.add_router("", feeds, tags=["Feeds"])
api.add_router("", calls, tags=["Calls"])
api.add_router("", reports, tags=["Calls"])
declare_external("ninja", PUBLIC)


@public_page("api")
def docs(request: HttpRequest) -> HttpResponse:
    """Every address of the API, made from its own description."""
    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return render(
        request, "portal/api_docs.html", {"operations": _operations(schema), "title": schema["info"]["title"]}
    )


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "path": path,
            "method": method.upper(),
            "summary": operation["summary"],
            "parameters": [
                {
                    "name": parameter["name"],
                    "text": parameter.get("description") or parameter["schema"].get("description", ""),
                }
                for parameter in operation.get("parameters", [])
            ],
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
