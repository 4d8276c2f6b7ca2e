"""What `ENGINE_URL` says."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from bot.model.errors import BadSetting


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Limits of the engine: worker threads and memory, the latter as DuckDB writes it (`1GB`)."""

    threads: int = 2
    memory_limit: str = "1GB"


def engine_options(url: str) -> EngineOptions:
    """Limits in a URL such as `duckdb://?threads=4&memory_limit=2GB`. Raises BadSetting."""
    parts = urlsplit(url)
    if parts.scheme != "duckdb" or parts.netloc or parts.path not in ("", "/"):
        message = f"ENGINE_URL cannot be {url!r}"
        raise BadSetting(message, _HINT)
    given = dict(parse_qsl(parts.query))
    unknown = given.keys() - {"threads", "memory_limit"}
    threads = given.get("threads", "2")
    if unknown or not threads.isdecimal() or int(threads) < 1:
        message = f"ENGINE_URL has options that cannot be used: {parts.query!r}"
        raise BadSetting(message, _HINT)
    return EngineOptions(int(threads), given.get("memory_limit", "1GB"))


_HINT = "use duckdb:// or duckdb://?threads=4&memory_limit=2GB"
