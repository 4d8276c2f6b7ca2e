"""Why credits changed: more people, more turns per person, or more credits per turn (metrics.md).

Credits are users x turns per user x credits per turn. The change is split in the symmetric (Shapley) form:
each factor's effect is averaged over all six orders in which the three could have changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Final


class Factor(StrEnum):
    """The three factors, in the order in which they are told."""

    USERS = "users"
    INTENSITY = "intensity"
    PRICE_MIX = "price_mix"


@dataclass(frozen=True, slots=True)
class Basis:
    """One window: people active in it, their turns, and credits in micro-units. None is no data."""

    users: int | None
    turns: int | None
    credits: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The part of the change that one factor made, in micro-credits."""

    factor: Factor
    amount: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The change in micro-credits; `effects`, one per factor in the factors' order, add up to it exactly."""

    before: Basis
    after: Basis
    change: int
    effects: tuple[Effect, ...]

    @property
    def leading(self) -> Effect:
        """The effect of the largest size; of equal ones the first."""
        return max(self.effects, key=lambda effect: abs(effect.amount))


_Ratios = tuple[Fraction | None, Fraction | None, Fraction | None]
_Pair = tuple[Fraction, Fraction]
_UNDEFINED: Final = Fraction(0)


def explain_change(before: Basis, after: Basis) -> Explanation | None:
    """Split the change of credits; None with missing figures or credits that no turn of anybody explains.

    A ratio that a window does not have (turns per user of nobody) is taken to be the other window's, so
    that it has no effect: from nothing to something the whole change is the effect of users.
    """
    if before.credits is None or after.credits is None:
        return None
    old, new = _ratios(before), _ratios(after)
    if old is None or new is None:
        return None
    exact = _shapley(*(_filled(a, b) for a, b in zip(old, new, strict=True)))
    change = after.credits - before.credits
    parts = zip(Factor, largest_remainder(exact, change), strict=True)
    return Explanation(before, after, change, tuple(Effect(factor, amount) for factor, amount in parts))


def largest_remainder(exact: tuple[Fraction, ...], total: int) -> tuple[int, ...]:
    """Whole numbers next to `exact` that add up to `total`, which is their sum, rounded if it must be.

    Each is rounded down; what is left goes one by one to the largest fractions, of equal ones the first.
    """
    whole = [floor(value) for value in exact]
    by_fraction = sorted(range(len(exact)), key=lambda n: whole[n] - exact[n])
    for n in by_fraction[: total - sum(whole)]:
        whole[n] += 1
    return tuple(whole)


def _ratios(basis: Basis) -> _Ratios | None:
    """Users, turns per user and credits per turn; None when their product would not be the credits."""
    users, turns, used = basis.users, basis.turns, basis.credits
    if users is None or turns is None or used is None:
        return None
    if (turns and not users) or (used and not turns):
        return None
    return (
        Fraction(users),
        Fraction(turns, users) if users else None,
        Fraction(used, turns) if turns else None,
    )


def _filled(old: Fraction | None, new: Fraction | None) -> _Pair:
    first = old if old is not None else new
    second = new if new is not None else old
    return _UNDEFINED if first is None else first, _UNDEFINED if second is None else second


def _shapley(users: _Pair, intensity: _Pair, price: _Pair) -> tuple[Fraction, ...]:
    return (
        _effect(users, intensity, price),
        _effect(intensity, users, price),
        _effect(price, users, intensity),
    )


def _effect(own: _Pair, one: _Pair, other: _Pair) -> Fraction:
    """The mean of own's effect over the six orders: alone first and last count double."""
    first_or_last = one[0] * other[0] + one[1] * other[1]
    between = one[0] * other[1] + one[1] * other[0]
    return (own[1] - own[0]) * (2 * first_or_last + between) / 6
