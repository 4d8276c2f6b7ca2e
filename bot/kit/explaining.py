"""The three effects behind a change of credits, in words and facts that add up as printed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bot.kit.words import number
from bot.metrics.explained import Explanation, Factor, largest_remainder
from bot.metrics.figures import MICRO
from bot.model.chat import Fact, Unit

LABELS = {
    Factor.USERS: "Effect of active users",
    Factor.INTENSITY: "Effect of turns per user",
    Factor.PRICE_MIX: "Effect of price and mix (credits per turn)",
}
_SAID = {Factor.USERS: "active users", Factor.INTENSITY: "turns per user", Factor.PRICE_MIX: "price and mix"}
_COARSE_FROM = 100
_CENTS = 100


def explanation_facts(explanation: Explanation) -> tuple[Fact, ...]:
    """The change and its three effects, in credits; the numbers add up to the micro-credit."""
    amounts = [("change", "Change in credits", explanation.change)]
    amounts += [(f"effect_{one.factor}", LABELS[one.factor], one.amount) for one in explanation.effects]
    shown = _rounded([amount for _, _, amount in amounts[1:]], explanation.change)
    return tuple(
        Fact(key, label, _signed(value), amount / MICRO, Unit.CREDITS)
        for (key, label, amount), value in zip(amounts, shown, strict=True)
    )


def explanation_words(explanation: Explanation) -> str:
    """`+940 credits: +120 from active users, +700 from turns per user, +120 from price and mix`."""
    change, *effects = (fact.value for fact in explanation_facts(explanation))
    named = zip(effects, explanation.effects, strict=True)
    return f"{change} credits: " + ", ".join(f"{value} from {_SAID[one.factor]}" for value, one in named)


def _rounded(parts: Sequence[int], total: int) -> tuple[float, ...]:
    """The total, then the parts, in credits as precise as people read them; they still add up."""
    largest = max(abs(amount) for amount in (total, *parts))
    step = 1 if largest >= _COARSE_FROM * MICRO else _CENTS
    exact = tuple(Fraction(part * step, MICRO) for part in parts)
    whole = round(Fraction(total * step, MICRO))
    return tuple(value / step for value in (whole, *largest_remainder(exact, whole)))


def _signed(value: float) -> str:
    return number(value) if value < 0 else f"+{number(value)}"
