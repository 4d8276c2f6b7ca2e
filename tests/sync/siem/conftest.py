from __future__ import annotations

from tests.sync.events.conftest import ingest, keys, lake, now, record, source

__all__ = ["ingest", "keys", "lake", "now", "record", "source"]
