"""The product's settings, shaped by BENCH: `product`, `uncached` (without the page cache) or `bare`."""

import os

from samkraft.config.settings import *  # noqa: F403
from samkraft.config.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

ROOT_URLCONF = "bench.urls"
_shape = os.environ.get("BENCH", "product")
MIDDLEWARE = {
    "product": PRODUCT_MIDDLEWARE,
    "uncached": [name for name in PRODUCT_MIDDLEWARE if not name.endswith("PageCacheMiddleware")],
    "bare": [],
}[_shape]
