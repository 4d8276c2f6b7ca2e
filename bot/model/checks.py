"""A check of the installation: what was looked at, what was found, what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` None means not set up and not needed. `next_step` is one thing to do, empty when all is well."""

    name: str
    ok: bool | None
    detail: str
    next_step: str = ""
