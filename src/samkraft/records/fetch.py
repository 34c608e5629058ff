"""Fetching an address that a person typed, without letting it reach into our own network."""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore
import httpx
from django.utils.translation import gettext_lazy as _

from .refusals import Refused

MOST_REDIRECTS = 3
MOST_BYTES = 2_000_000
MOST_SECONDS = 5.0
MOST_ADDRESSES = 4
USER_AGENT = "Samkraft"
Resolve = Callable[[str, int], Sequence[str]]

# What leads on to an address of IPv4 by a gateway or a host of its own (NAT64, 6to4, Teredo), and what is
# closed by its standard though not every version of Python says so. The inner address does not matter: no site
# is to be found there only.
_CLOSED = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


class CannotFetch(Refused):
    """The address could not be fetched. The text says why, in one sentence."""


class TooLarge(CannotFetch):
    """Somebody answered, with more than was asked for."""


class NotGivenOut(CannotFetch):
    """Somebody answered, but not with a page; `status` is what they said."""

    def __init__(self, status: int) -> None:
        super().__init__(_("The site does not give out this page."))
        self.status = status


@dataclass(frozen=True)
class Fetched:
    """What an address answered. `url` is where the redirects ended."""

    url: str
    content: bytes
    content_type: str


def resolve(host: str, port: int) -> list[str]:
    """The network addresses of a host. Raises CannotFetch when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotFetch(_("There is no site at that address.")) from error
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an address is of the open internet: not loopback, private, link-local, shared, passed on, reserved."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return is_public(str(parsed.ipv4_mapped))
    return parsed.is_global and not parsed.is_multicast and not any(parsed in network for network in _CLOSED)


def fetch(
    url: str,
    *,
    limit_bytes: int = MOST_BYTES,
    timeout: float = MOST_SECONDS,
    resolve: Resolve = resolve,
    may_connect: Callable[[str], bool] = is_public,
) -> Fetched:
    """GET an address of the open web: at most `limit_bytes` long, within `timeout` seconds in all.

    Every host is resolved once and then connected to by number, so that it cannot answer with another
    address in between. Redirects are followed three times, each checked anew. Raises CannotFetch.
    """
    until = time.monotonic() + timeout
    for _redirect in range(MOST_REDIRECTS + 1):
        try:
            answer = _get(url, limit_bytes, until, resolve, may_connect)
        except httpcore.TimeoutException as error:
            raise _too_slow() from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL) as error:
            raise CannotFetch(_("The site could not be reached.")) from error
        if isinstance(answer, Fetched):
            return answer
        url = answer
    raise CannotFetch(_("The address leads on to another address too many times."))


def _too_slow() -> CannotFetch:
    return CannotFetch(_("The site took too long to answer."))


def _checked(url: str) -> httpx.URL:
    parsed = httpx.URL(url)
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise CannotFetch(_("The address must begin with https:// or http://."))
    if parsed.userinfo:
        raise CannotFetch(_("The address must not hold a name or a password."))
    return parsed


def _resolved(resolve: Resolve, host: str, port: int, until: float) -> list[str]:
    """The addresses, within the time: asking the name server has no limit of its own."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except Exception as error:  # raised again below, where somebody waits for it
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(until))
    except queue.Empty as error:
        raise _too_slow() from error
    if isinstance(answer, Exception):
        raise answer
    return list(dict.fromkeys(answer))


def _get(
    url: str, limit_bytes: int, until: float, resolve: Resolve, may_connect: Callable[[str], bool]
) -> Fetched | str:
    """The answer, or the address to which it redirects."""
    parsed = _checked(url)
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    addresses = _resolved(resolve, parsed.host, port, until)
    if not addresses or not all(may_connect(address) for address in addresses):
        raise CannotFetch(_("The address lies inside a closed network."))
    target = httpcore.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=port, target=parsed.raw_path)
    headers = {"Host": parsed.netloc.decode("ascii"), "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    backend = _Pinned(addresses[:MOST_ADDRESSES], until)
    with (
        httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
        pool.stream("GET", target, headers=headers) as response,
    ):
        answered = httpx.Headers(response.headers)
        if response.status in {301, 302, 303, 307, 308} and "Location" in answered:
            return str(parsed.join(answered["Location"]))
        if response.status != httpx.codes.OK:
            raise NotGivenOut(response.status)
        if answered.get("Content-Encoding", "identity") != "identity":
            # Not asked for, and a few packed bytes can unfold without end.
            raise CannotFetch(_("The site answers in a form that cannot be read."))
        content = _read(response.iter_stream(), limit_bytes)
        return Fetched(url=url, content=content, content_type=answered.get("Content-Type", ""))


def _read(stream: Iterable[bytes], limit_bytes: int) -> bytes:
    parts, size = [], 0
    for part in stream:
        size += len(part)
        if size > limit_bytes:
            raise TooLarge(_("What lies at the address is too large."))
        parts.append(part)
    return b"".join(parts)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _left(until: float) -> float:
    """Seconds that are left, a moment at least: no call waits for ever, which is what 0 or None would ask for."""
    return max(0.001, until - time.monotonic())


class _Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, whatever the name stands for by now."""

    def __init__(self, addresses: Sequence[str], until: float) -> None:
        self.addresses = addresses
        self.until = until

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        failed: OSError | None = None
        for address in self.addresses:
            try:
                return _Stream(socket.create_connection((address, port), _left(self.until)), self.until)
            except OSError as error:
                failed = error
        if isinstance(failed, TimeoutError):
            raise httpcore.ConnectTimeout from failed
        raise httpcore.ConnectError from failed


class _Stream(httpcore.NetworkStream):
    """A connection that is read and written until one moment, however often the other side sends a little."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self.connection = connection
        self.until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if time.monotonic() > self.until:
            raise httpcore.ReadTimeout
        try:
            self.connection.settimeout(_left(self.until))
            return self.connection.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self.connection.settimeout(_left(self.until))
            self.connection.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError from error

    def close(self) -> None:
        self.connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self.connection.settimeout(_left(self.until))
            return _Stream(ssl_context.wrap_socket(self.connection, server_hostname=server_hostname), self.until)
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            self.close()
            raise httpcore.ConnectError from error

    def get_extra_info(self, info: str) -> Any:
        return self.connection if info == "ssl_object" and isinstance(self.connection, ssl.SSLSocket) else None
