"""Where the API lives, as people write it down."""

from __future__ import annotations

import ipaddress
from typing import Final

import httpx

from bot.model.errors import BadSetting

SUFFIX: Final = "/analytics/codex"
HINT: Final = "PULSE_API_BASE_URL is usually https://api.chatgpt.com/v1"


def normalise_base_url(text: str) -> str:
    """Return the base of both APIs without a trailing slash or `/analytics/codex`.

    Plain http is for loopback hosts only. Raises BadSetting; the message never repeats a password in the URL.
    """
    url = _parsed(text.strip())
    if url.userinfo or url.query or url.fragment:
        raise BadSetting(message="the API base URL must not hold a user, a query or a fragment", hint=HINT)
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host)):
        raise BadSetting(message="the API base URL must start with https://", hint=HINT)
    path = url.path.rstrip("/").removesuffix(SUFFIX).rstrip("/")
    return str(url.copy_with(path=path or "/")).rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether `host` can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise BadSetting(message="the API base URL cannot be read", hint=HINT) from error
    if not url.host:
        raise BadSetting(message="the API base URL names no host", hint=HINT)
    return url
