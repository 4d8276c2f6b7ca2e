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
        return _folder(Path(url).expanduser())
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not parts.path:
        message = f"{_SAYS}, not {parts.scheme}://{parts.netloc}"
        raise BadSetting(message, "use a path or file:///a/folder")
    return _folder(Path(unquote(parts.path)))


def _folder(path: Path) -> Path:
    """The path as it is, unless something else than a folder stands there."""
    if path.exists() and not path.is_dir():
        raise BadSetting(f"{_SAYS}: {path} is a file", "use another path")
    return path


_SAYS = "LAKE_URL must be a folder on this machine"
