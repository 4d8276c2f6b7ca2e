"""Colours from values: one hue from light to dark, and the ink that can be read on it."""

from __future__ import annotations

from charts import style

_DARK_GROUND = 0.18


def shade(value: float, highest: float) -> str:
    """Return the ramp's colour of `value` between zero and `highest`; zero and below have their own grey."""
    if value <= 0 or highest <= 0:
        return style.GRID
    steps = len(style.RAMP)
    return style.RAMP[min(steps - 1, int(value / highest * steps))]


def ink_on(ground: str) -> str:
    """Return the text colour that stands out from `ground`."""
    return style.INK if luminance(ground) > _DARK_GROUND else style.PAPER


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` as WCAG 2.2 defines it, 0 to 1."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
