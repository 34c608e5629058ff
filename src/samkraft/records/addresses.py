"""Which network address a request came from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  (no address is bound: it stands for a client that has none, as on a Unix socket)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


def client_address(request: HttpRequest) -> str:
    """The client's address. X-Forwarded-For counts only when a proxy of TRUSTED_PROXIES passed it on.

    Each proxy appends whom it heard from, so the header is walked from the right, past trusted proxies, to
    the first address that none of them vouches for. What stands left of that, the client may have made up.
    """
    nearest = _parsed(request.META.get("REMOTE_ADDR", ""))
    if nearest is None:
        return UNKNOWN
    if not _is_trusted(nearest):
        return str(nearest)
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = _parsed(hop)
        if address is None:
            break
        nearest = address
        if not _is_trusted(address):
            break
    return str(nearest)


def household(address: str) -> str:
    """The address by which one subscriber is counted: of IPv6 the first 64 bits, since they own the rest."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed or UNKNOWN)
