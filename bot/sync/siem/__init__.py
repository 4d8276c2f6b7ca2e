"""Each new event of the audit log for a SIEM: OCSF JSON Lines in daily files. Metadata only."""

from __future__ import annotations

from bot.sync.siem.delivery import SiemDelivery

__all__ = ["SiemDelivery"]
