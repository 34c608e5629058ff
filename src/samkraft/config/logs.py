"""The logs, without anything personal in them: one line a request, and faults by route instead of address."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

logger = logging.getLogger("samkraft.requests")


class RequestLogMiddleware:
    """Logs method, route, status and milliseconds: no address, no account, no query, no path with a token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        if logger.isEnabledFor(logging.INFO):
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "route": _route(request),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - began) * 1000, 1),
                },
            )
        return response


class ImpersonalFormatter(JsonFormatter):
    """One line of JSON a record. Django adds the request to its own records: its route is told, not its address."""

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record = logging.makeLogRecord(record.__dict__)
            del record.request
            record.method, record.route = request.method, _route(request)
            if isinstance(record.args, tuple):
                record.args = tuple(record.route if value == request.path else value for value in record.args)
        return super().format(record)


def _route(request: HttpRequest) -> str:
    """The pattern that the address fits, in which a token is only a name; empty when it fits none."""
    match = request.resolver_match
    return match.route if match else ""
