"""What was taken in lately, in the memory of this process."""

from __future__ import annotations

from collections import OrderedDict


class RecentlySeen:
    """The newest `most` keys."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._keys: OrderedDict[str, None] = OrderedDict()

    async def first_time(self, key: str) -> bool:
        """Return True once for each key still remembered."""
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True
