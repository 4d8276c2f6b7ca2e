"""`trail [verify] [RANGE]`: who looked what up, as a chain that shows any change."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.kit.audit import period
from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.kit.replies import asked_of
from bot.kit.words import day, join, plural
from bot.model.chat import Column, Fact, Footer, Level, Reply, Request, Table, Unit
from bot.model.errors import BadValue
from bot.model.query import Query
from bot.model.ranges import Asked
from bot.state.trail import Trail, TrailCheck, TrailFault, TrailHead, TrailLine
from bot.state.trailheads import SignedHead, TrailHeads

VERIFY = "verify"
HEAD = re.compile(r"(\d{1,9}):([0-9a-f]{64})")
ROWS = 20
COLUMNS = (
    Column("line", "Line"),
    Column("at", "At (UTC)"),
    Column("actor", "Who"),
    Column("action", "Did"),
    Column("outcome", "Outcome"),
    Column("case", "Case"),
    Column("purpose", "Purpose"),
)
FAULTS = {
    TrailFault.GAP: "a line is missing before it",
    TrailFault.ORDER: "it does not follow the line before it",
    TrailFault.CHANGED: "it was changed",
    TrailFault.TRUNCATED: "lines after it are gone",
    TrailFault.OTHER_HISTORY: "it is not the line it was",
}


async def run(request: Request, deps: Deps) -> Reply:
    """The newest lines of the range, or with `verify` whether the whole chain holds."""
    trail = Trail(deps.state)
    if request.query.has(VERIFY):
        return await _verify(trail, _typed(request.query), deps)
    if request.query.words:
        raise BadValue("A head is for `trail verify`.", COMMAND.examples[1])
    asked = asked_of(request)
    days = frozenset(each.isoformat() for each in asked.window.days())
    return _listed([line async for line in trail.lines() if line.at[:10] in days], asked)


def _typed(query: Query) -> tuple[TrailHead, ...]:
    """The heads typed beside `verify`, as they were posted."""
    found = [HEAD.fullmatch(word.casefold()) for word in query.words]
    if not all(found):
        raise BadValue("A head is a line's number and hash as they were posted.", "trail verify 42:HASH")
    return tuple(TrailHead(int(each[1]), each[2]) for each in found if each)


async def _verify(trail: Trail, typed: tuple[TrailHead, ...], deps: Deps) -> Reply:
    """Against the daily heads kept here, and those that the asker took from the channel."""
    kept, key = await TrailHeads(deps.state).all(), deps.exports.signer().public_key
    forged = tuple(each for each in kept if not each.is_by(key))
    check = await trail.verify(*(each.head for each in kept if each not in forged), *typed)
    return _verified(check, len(kept) - len(forged) + len(typed), forged)


def _verified(check: TrailCheck, heads: int, forged: tuple[SignedHead, ...]) -> Reply:
    if check.fault is None and forged:
        days = join(tuple(f"{day(each.day)} {each.day.year}" for each in forged[:3]))
        text = (
            f"{plural(len(forged), 'daily head')} of the trail {'is' if len(forged) == 1 else 'are'} not as "
            f"this installation signed it: {days}.\nThe {plural(check.seq, 'line')} hold together, but "
            "something else wrote to the state database, or the signing key was changed."
        )
    elif check.fault is None:
        said = f"The trail is whole: {plural(check.seq, 'line')}, each holding the hash of the one before."
        compared = f"{plural(heads, 'signed or posted head')} {'is' if heads == 1 else 'are'} part of it."
        text = f"{said}\nHead: line {check.head.seq}, {check.head.hash}. {compared}"
    else:
        text = (
            f"The trail is broken at line {check.seq}: {FAULTS[check.fault]}.\n"
            f"The {plural(check.head.seq, 'line')} before are whole; "
            "the state database was changed by something else."
        )
    faults = len(forged) + int(check.fault is not None)
    facts = (
        Fact("trail_lines", "Lines that hold", f"{check.head.seq:,}", check.head.seq, Unit.EVENTS),
        Fact("trail_heads", "Heads compared", f"{heads:,}", heads, Unit.EVENTS),
        Fact("trail_faults", "Faults", str(faults), faults, Unit.EVENTS),
    )
    return Reply("trail", text, facts=facts, check_failed=faults > 0)


def _listed(found: list[TrailLine], asked: Asked) -> Reply:
    newest = found[-ROWS:][::-1]
    text = f"{plural(len(found), 'line')} in the trail {period(asked)}."
    if len(found) > len(newest):
        text += f" The newest {len(newest)} are shown."
    text += "\nWhom a look-up was about is kept as a keyed hash. `trail verify` checks the chain."
    table = Table(COLUMNS, tuple(_row(line) for line in newest), "Trail") if newest else None
    count = Fact("trail_lines", "Lines", f"{len(found):,}", len(found), Unit.EVENTS)
    return Reply("trail", text, facts=(count,), table=table, footer=Footer(window=asked.window))


def _row(line: TrailLine) -> tuple[str, ...]:
    told = _told(line.subject)
    did = " ".join(str(part) for part in (line.action, told.get("command", "")) if part)
    rest = tuple(str(told.get(name, "")) for name in ("outcome", "case", "purpose"))
    return (str(line.seq), line.at[:19].replace("T", " "), line.actor, did, *rest)


def _told(subject: str) -> dict[str, Any]:
    """What a line says, nothing when it was changed into something else: `trail verify` names that line."""
    try:
        told = json.loads(subject)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


COMMAND = Command(
    name="trail",
    summary="Who looked what up in the audit log; verify checks that no line was changed",
    run=run,
    usage="[verify [LINE:HASH]] [RANGE]",
    examples=("trail 30d", "trail verify", "trail today"),
    level=Level.INVESTIGATOR,
    also=(Level.ADMIN,),
    shows=Shows.AUDIT,
    words=Words.SOME,
    flags=(VERIFY,),
    repeatable=False,
)
