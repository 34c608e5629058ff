"""Fetching an address that a person typed, without letting it reach into our own network."""

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx
from django.utils.translation import gettext_lazy as _

from .refusals import Refused

MOST_REDIRECTS = 3
USER_AGENT = "Samkraft"
Resolve = Callable[[str, int], Sequence[str]]

# Addresses whose last 32 bits are one of IPv4, to which a gateway (NAT64) or a host may lead them on.
_IPV4_INSIDE = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
# Closed by their standards, though not every version of Python says so.
_CLOSED = tuple(ipaddress.ip_network(block) for block in ("192.0.0.0/24", "64:ff9b:1::/48", "fec0::/10"))


class CannotFetch(Refused):
    """The address could not be fetched. The text says why, in one sentence."""


class NotGivenOut(CannotFetch):
    """The site answered, with a status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(_("The site does not give out this page."))
        self.status = status


class TooLarge(CannotFetch):
    """The site answered with more than was wanted."""


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
    """Whether an address is of the open internet: not loopback, private, link-local, shared or reserved."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner is not None:
            return is_public(str(inner))
        if any(parsed in network for network in _IPV4_INSIDE):
            return is_public(str(ipaddress.IPv4Address(parsed.packed[-4:])))
    return parsed.is_global and not parsed.is_multicast and not any(parsed in network for network in _CLOSED)


def fetch(
    url: str,
    *,
    limit_bytes: int,
    timeout: float,
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
        except httpx.TimeoutException as error:
            raise CannotFetch(_("The site took too long to answer.")) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CannotFetch(_("The site could not be reached.")) from error
        if isinstance(answer, Fetched):
            return answer
        url = answer
    raise CannotFetch(_("The address leads on to another address too many times."))


def _checked(url: str) -> httpx.URL:
    parsed = httpx.URL(url)
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise CannotFetch(_("The address must begin with https:// or http://."))
    if parsed.userinfo:
        raise CannotFetch(_("The address must not hold a name or a password."))
    return parsed


def _get(
    url: str, limit_bytes: int, until: float, resolve: Resolve, may_connect: Callable[[str], bool]
) -> Fetched | str:
    """The answer, or the address to which it redirects."""
    parsed = _checked(url)
    addresses = resolve(parsed.host, parsed.port or (443 if parsed.scheme == "https" else 80))
    if not addresses or not all(may_connect(address) for address in addresses):
        raise CannotFetch(_("The address lies inside a closed network."))
    left = max(0.001, until - time.monotonic())
    headers = {"Host": parsed.netloc.decode("ascii"), "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    extensions = {"sni_hostname": parsed.raw_host.decode("ascii")}
    target = parsed.copy_with(host=addresses[0])
    with (
        httpx.Client(trust_env=False, timeout=left, follow_redirects=False) as client,
        client.stream("GET", target, headers=headers, extensions=extensions) as response,
    ):
        if response.is_redirect:
            return str(parsed.join(response.headers["Location"]))
        if response.status_code != httpx.codes.OK:
            raise NotGivenOut(response.status_code)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            # Not asked for, and a few packed bytes can unfold without end.
            raise CannotFetch(_("The site answers in a form that cannot be read."))
        content = _read(response, limit_bytes, until)
        return Fetched(url=url, content=content, content_type=response.headers.get("Content-Type", ""))


def _read(response: httpx.Response, limit_bytes: int, until: float) -> bytes:
    parts, size = [], 0
    for part in response.iter_raw():
        size += len(part)
        if size > limit_bytes:
            raise TooLarge(_("What lies at the address is too large."))
        if time.monotonic() > until:
            raise CannotFetch(_("The site took too long to answer."))
        parts.append(part)
    return b"".join(parts)
