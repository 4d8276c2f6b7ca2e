"""`explain [R-...] [files]`: how the figures of an answer came about, and whether they come out again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.kit.exportfiles import discard
from bot.kit.receipts import MICRO, check_owner, exact, receipt_named
from bot.kit.words import NO_DATA, day, moment, plural, span
from bot.metrics import DEFINITIONS_VERSION
from bot.metrics.definitions import find_definition
from bot.model.chat import Action, Cell, Column, Reply, Request, Table
from bot.state.receipts import Receipt

DAY_MARK = "/day="
NAMED_DAYS = 5
DIGEST_SHOWN = 16
# Facts that share an entry of the definitions.
ENTRY_OF = {"cost_usd": "cost", "estimated_cost_usd": "cost", "cost_at_your_rate_usd": "cost"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure then and now, in millionths."""

    key: str
    label: str
    then: int | None
    now: int | None


async def run(request: Request, deps: Deps) -> Reply:
    """The receipt beside the same question asked again as of then."""
    receipt = await receipt_named(request, deps)
    if receipt is None:
        return Reply("explain", "You have no answer yet to explain: ask one first, for example `usage 30d`.")
    again = deps.dispatch()
    place = replace(request.place, level=receipt.answer.place_level)
    asked = replace(request, text=receipt.answer.command, now=receipt.created_at, place=place)
    check_owner(again.command_of(asked), receipt, request)
    with deps.analytics.anew():
        reply = await again.run(asked)
    discard(reply)
    table = _files(receipt, reply) if request.query.has("files") else _figures(_compared(receipt, reply))
    files = Action("files", "Lake files", f"explain {receipt.id} files")
    return Reply("explain", _text(receipt, reply), table=table, actions=(files,))


def _compared(receipt: Receipt, reply: Reply) -> tuple[Compared, ...]:
    facts = {fact.key: fact for fact in reply.facts}
    return tuple(
        Compared(
            stored.key,
            facts[stored.key].label if stored.key in facts else stored.key,
            stored.value,
            exact(facts[stored.key]) if stored.key in facts else None,
        )
        for stored in receipt.answer.facts
    )


def _text(receipt: Receipt, reply: Reply) -> str:
    compared = _compared(receipt, reply)
    lines = [f"{_verdict(receipt, compared)} {_question(receipt)}", _basis(receipt, reply)]
    lines += [line for line in (_refetched(receipt, reply), _redefined(receipt)) if line]
    return "\n".join([*lines, *_formulas(compared)])


def _verdict(receipt: Receipt, compared: tuple[Compared, ...]) -> str:
    if not compared:
        return f"{receipt.id} holds no figure of its own to compute again."
    changed = [c for c in compared if c.then != c.now]
    if not changed:
        same = "The figure comes" if len(compared) == 1 else f"All {len(compared)} figures come"
        return f"{same} out the same again, to the millionth."
    named = ", ".join(f"{c.label} was {_number(c.then)} and is {_number(c.now)}" for c in changed[:3])
    return f"{len(changed)} of {plural(len(compared), 'figure')} come out differently now: {named}."


def _question(receipt: Receipt) -> str:
    window = f", for {span(receipt.answer.window)} UTC" if receipt.answer.window else ""
    when = moment(receipt.created_at)
    return f"{receipt.id} answers `{receipt.answer.command or 'overview'}`, asked on {when}{window}."


def _basis(receipt: Receipt, reply: Reply) -> str:
    files = receipt.answer.files
    version = f"definitions of {receipt.answer.definitions_version}"
    if not files:
        return f"It stands on no lake file; {version}."
    rows = sum(file.row_count for file in reply.basis)
    datasets = sorted({file.path.partition(DAY_MARK)[0] for file in files})
    days = sorted(_days(file.path for file in files))
    held = f", {day(days[0])} {days[0].year} to {day(days[-1])} {days[-1].year}" if days else ""
    where = f"{plural(len(files), 'lake file')} of {' and '.join(datasets)}{held}"
    return f"It stands on {where}, with {plural(rows, 'row')} now; {version}."


def _refetched(receipt: Receipt, reply: Reply) -> str:
    gone = _gone(receipt, reply)
    restated = _changed(receipt, reply) - gone
    said = (
        f"Restated since, because the days were pulled again: {_named(restated)}." if restated else "",
        f"No longer held: {_named(gone)}." if gone else "",
    )
    return " ".join(filter(None, said))


def _named(files: set[str]) -> str:
    days = sorted(_days(files))
    more = f" and {len(days) - NAMED_DAYS} more" if len(days) > NAMED_DAYS else ""
    return ", ".join(map(day, days[:NAMED_DAYS])) + more


def _redefined(receipt: Receipt) -> str:
    then = receipt.answer.definitions_version
    return f"Formulas are now those of {DEFINITIONS_VERSION}." if then != DEFINITIONS_VERSION else ""


def _formulas(compared: tuple[Compared, ...]) -> list[str]:
    labels: dict[str, list[str]] = {}
    for figure in compared:
        if entry := find_definition(ENTRY_OF.get(figure.key, figure.key)):
            labels.setdefault(entry.definition, []).append(figure.label)
    return [f"• {', '.join(named)}: {definition}" for definition, named in labels.items()]


def _changed(receipt: Receipt, reply: Reply) -> set[str]:
    """Names of files that were not the same, or not there, when the answer was given."""
    then = {(file.path, file.receipt_sha256) for file in receipt.answer.files}
    return {name for name, _ in then ^ {(file.name, file.digest) for file in reply.basis}}


def _gone(receipt: Receipt, reply: Reply) -> set[str]:
    """Names of files that retention has deleted since."""
    return {file.path for file in receipt.answer.files} - {file.name for file in reply.basis}


def _days(names: Iterable[str]) -> set[date]:
    return {date.fromisoformat(name.partition(DAY_MARK)[2]) for name in names if DAY_MARK in name}


def _figures(compared: tuple[Compared, ...]) -> Table | None:
    columns = (Column("figure", "Figure"), Column("then", "Then"), Column("now", "Now"))
    rows = tuple((c.label, _number(c.then), _number(c.now)) for c in compared)
    return Table(columns, rows) if rows else None


def _files(receipt: Receipt, reply: Reply) -> Table:
    rows_now = {file.name: file.row_count for file in reply.basis}
    changed, gone = _changed(receipt, reply), _gone(receipt, reply)
    columns = (
        Column("file", "Lake file"),
        Column("rows", "Rows now"),
        Column("receipt", "Receipt then"),
        Column("since", "Since"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            file.path,
            f"{rows_now[file.path]:,}" if file.path in rows_now else NO_DATA,
            file.receipt_sha256[:DIGEST_SHOWN],
            "gone" if file.path in gone else "pulled again" if file.path in changed else "the same",
        )
        for file in receipt.answer.files
    )
    return Table(columns, rows)


def _number(micro: int | None) -> str:
    """The exact figure: `2,603.1459`."""
    if micro is None:
        return NO_DATA
    whole, rest = divmod(abs(micro), MICRO)
    return f"{'-' if micro < 0 else ''}{whole:,}" + (f".{rest:06}".rstrip("0") if rest else "")


COMMAND = Command(
    name="explain",
    summary="How the figures of an answer came about, and whether they come out the same again",
    run=run,
    usage="[R-...] [files]",
    examples=("explain", "explain files"),
    shows=Shows.PRIVATE,
    ranged=False,
    flags=("files",),
    words=Words.SOME,
    repeatable=False,
)
