"""One server for both: streams by ASGI, and every other page by WSGI in threads.

Under ASGI Django costs several times what it costs under WSGI, so only addresses whose last part is
`stream` (which stay open for long) are answered by Django's ASGI handler.
"""

import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samkraft.config.settings")
streams = get_asgi_application()
pages = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Hands a request to streams or to pages; says yes to the server's start and stop."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    handler = streams if scope["path"].rstrip("/").endswith("/stream") else pages
    await handler(scope, receive, send)
