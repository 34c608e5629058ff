"""The product's settings, shaped by BENCH: `product`, `uncached` (without the page cache) or `bare` (only Django)."""

import os

from samkraft.config.settings import *  # noqa: F403
from samkraft.config.settings import INSTALLED_APPS as PRODUCT_APPS
from samkraft.config.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

_shape = os.environ.get("BENCH", "product")
ROOT_URLCONF = "bench.bare_urls" if _shape == "bare" else "samkraft.config.urls"
INSTALLED_APPS = [] if _shape == "bare" else PRODUCT_APPS
MIDDLEWARE = {
    "product": PRODUCT_MIDDLEWARE,
    "uncached": [name for name in PRODUCT_MIDDLEWARE if not name.endswith("PageCacheMiddleware")],
    "bare": [],
}[_shape]
