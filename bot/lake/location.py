"""Where the lake lies."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.model.errors import BadSetting


def lake_root(url: str) -> Path:
    """The folder that `LAKE_URL` names: a path or a `file://` URL of this machine. Raises BadSetting."""
    if not url.strip():
        raise BadSetting(_SAYS, "set it to a folder, for example data/lake")
    if "://" not in url:
        return Path(url).expanduser()
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not parts.path:
        message = f"{_SAYS}, not {parts.scheme}://{parts.netloc}"
        raise BadSetting(message, "use a path or file:///a/folder")
    return Path(unquote(parts.path))


_SAYS = "LAKE_URL must be a folder on this machine"
