"""Which redirect targets a log download may follow.

The API answers a download with a short-lived link to another host. That link is fetched without the
key, over https, and only from public addresses, so that a forged answer cannot make the bot read a
neighbour's service. Plain http and loopback are for a reference server on this machine alone.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx

from bot.model.errors import BadAnswer, Unreachable

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


async def system_resolve(host: str) -> tuple[str, ...]:
    """Every address the system knows for `host`. Raises Unreachable."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(detail=f"no address for the download host: {type(error).__name__}") from error
    return tuple(sorted({str(entry[4][0]) for entry in found}))


async def trust_elsewhere(host: str) -> tuple[str, ...]:
    """For use behind a proxy, which alone can resolve names: no address to check here."""
    del host
    return ()


async def check_signed_url(location: str, *, api_url: httpx.URL, local: bool, resolve: Resolve) -> httpx.URL:
    """The target to fetch; raises BadAnswer when it may not be followed. `local`: the API is on loopback."""
    if not location:
        raise BadAnswer(detail="download: a redirect without a target")
    try:
        url = api_url.join(location)
    except httpx.InvalidURL as error:
        raise BadAnswer(detail="download: the redirect target is no URL") from error
    _check_form(url, local=local)
    literal = _literal(url.host)
    addresses = (str(literal),) if literal else await resolve(url.host)
    for text in addresses:
        _check_address(ipaddress.ip_address(text.partition("%")[0]), local=local)
    return url


def _check_form(url: httpx.URL, *, local: bool) -> None:
    if url.scheme != "https" and not (local and url.scheme == "http"):
        raise BadAnswer(detail="download: the redirect target is not https")
    if not url.host or url.userinfo:
        raise BadAnswer(detail="download: the redirect target names no host or carries a login")


def _check_address(address: IpAddress, *, local: bool) -> None:
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.is_loopback and local:
        return
    if not mapped.is_global or mapped.is_multicast:
        raise BadAnswer(detail="download: the redirect target is not a public address")


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
