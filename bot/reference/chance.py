"""Repeatable random numbers: the same key gives the same numbers, whatever was asked before."""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Topic(IntEnum):
    """What numbers are drawn for; topics do not disturb each other."""

    IDS = 1
    TRAITS = 2
    DAY = 3
    LATENESS = 4
    REVIEWS = 5
    EVENTS = 6


def uniforms(key: tuple[int, ...], size: int | tuple[int, ...]) -> Floats:
    """Draw from [0, 1).

    Only the raw doubles of PCG64 are used: NumPy promises that stream across versions, unlike
    that of its distributions.
    """
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))
    return generator.random(size)


def digest(*parts: object) -> str:
    """64 hexadecimal characters of the parts."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def fraction(*parts: object) -> float:
    """Draw one number of [0, 1) from the parts."""
    return int(digest(*parts)[:13], 16) / 16**13


def pick(choices: tuple[str, ...], *parts: object) -> str:
    """Take one of the choices."""
    return choices[int(fraction(*parts) * len(choices))]
