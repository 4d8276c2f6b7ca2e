"""The digest's one picture: three figures over three small panels."""

from __future__ import annotations

import charts
from bot.kit.weekly_words import headline, surfaces
from bot.kit.words import MINUS, NO_DATA, change, figure, number, span
from bot.metrics.weekly import DigestResult, Weekly
from bot.model.chat import Column, Drawing, Table, Unit


def drawing(result: DigestResult) -> Drawing:
    """Tiles of people, adoption and credits; trends of eight weeks; the week's surface mix."""
    title = headline(result)
    picture = charts.DigestChart(
        title=title,
        subtitle=f"Week {span(result.week)} · UTC · trends: {len(result.starts)} weeks",
        tiles=_tiles(result),
        people=charts.Trend("People a week", result.starts, result.wau.values),
        mix=charts.Mix("Turns by surface", _mix(result), "%"),
        credits=charts.Trend("Credits a week", result.starts, result.credits.values),
    )
    return Drawing(lambda: charts.digest(picture), f"{title}.", "digest.png", fallback=trend_table(result))


def trend_table(result: DigestResult) -> Table:
    """The trends as rows: one a week."""
    columns = (
        Column("week", "Week from (UTC)"),
        Column("wau", "Weekly active", Unit.PEOPLE),
        Column("adoption_rate", "Adoption", Unit.PERCENT),
        Column("turns", "Turns", Unit.TURNS),
        Column("credits", "Credits", Unit.CREDITS),
    )
    adoption = (None if rate is None else rate * 100 for rate in result.adoption.values)
    values = (result.wau.values, adoption, result.turns.values, result.credits.values)
    days = (start.isoformat() for start in result.starts)
    return Table(columns, tuple(zip(days, *values, strict=True)))


def _tiles(result: DigestResult) -> tuple[charts.Tile, ...]:
    return (
        _tile("Weekly active", number(result.wau.now), result.wau),
        _adoption(result.adoption),
        # spending more is neither good nor bad
        charts.Tile("Credits", figure(result.credits.now, Unit.CREDITS), change(result.credits.change_pct)),
    )


def _tile(label: str, value: str, weekly: Weekly) -> charts.Tile:
    pct = weekly.change_pct
    said = change(pct)
    good = None if pct is None or said == "no change" else pct > 0
    return charts.Tile(label, value, said if said != "no change" else "", good)


def _adoption(weekly: Weekly) -> charts.Tile:
    """A share changes by points: a percentage of a percentage would be read as them."""
    if weekly.now is None:
        return charts.Tile("Adoption", NO_DATA)
    value = f"{weekly.now:.0%}"
    gained = 0.0 if weekly.before is None else round((weekly.now - weekly.before) * 100)
    unit = "pt" if abs(gained) == 1 else "pts"
    said = f"{'+' if gained > 0 else MINUS}{abs(gained)} {unit}" if gained else ""
    return charts.Tile("Adoption", value, said, gained > 0 if gained else None)


def _mix(result: DigestResult) -> tuple[charts.Item, ...]:
    return tuple(charts.Item(one.label, one.share_pct) for one in surfaces(result.usage))
