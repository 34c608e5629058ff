"""The public API, put together from the apps' routers."""

from ninja import NinjaAPI

from samkraft.ui.access import PUBLIC, declare_external

api = NinjaAPI(
    title="Samkraft API",
    version="1",
    description="Open data about places, emissions and pathways. No key is needed.",
    urls_namespace="api-v1",
    docs_url="/docs",
    openapi_url="/openapi.json",
)
declare_external("ninja", PUBLIC)
