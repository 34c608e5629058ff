"""One server: streams by ASGI, every other page by WSGI."""

import asyncio
from typing import Any

import pytest

from samkraft.config import asgi


def handled_by(path: str, monkeypatch: pytest.MonkeyPatch) -> str:
    asked: list[str] = []

    def handler(name: str) -> Any:
        async def take(scope: Any, receive: Any, send: Any) -> None:
            asked.append(name)

        return take

    monkeypatch.setattr(asgi, "streams", handler("asgi"))
    monkeypatch.setattr(asgi, "pages", handler("wsgi"))
    asyncio.run(asgi.application({"type": "http", "path": path}, None, None))
    return asked[0]


@pytest.mark.parametrize(
    ("path", "server"),
    [
        ("/sv/gatherings/1/stream", "asgi"),
        ("/sv/gatherings/1/stream/", "asgi"),
        ("/sv/", "wsgi"),
        ("/sv/streams/", "wsgi"),
        ("/sv/stream/1/", "wsgi"),
        ("/static/ui/css/samkraft.css", "wsgi"),
    ],
)
def test_only_addresses_that_end_in_stream_go_by_asgi(path: str, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert handled_by(path, monkeypatch) == server


def test_server_is_told_that_it_may_start_and_stop() -> None:
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    answers: list[str] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        answers.append(message["type"])

    asyncio.run(asgi.application({"type": "lifespan"}, receive, send))

    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
