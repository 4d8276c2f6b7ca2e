"""Answer -> activity: pure, no I/O, no clock."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.kit.cells import cell_text, change_text
from bot.kit.footers import footer_line
from bot.model.chat import Action, Answer, Column, Picture, Refusal, RefusalCode, Reply, Table, Unit
from bot.teams import cards, limits
from bot.teams.look import FULL, STEPS, UNFRAMED, Frame, Look, Room
from bot.teams.text import escape, lines, one_line

Activity = dict[str, Any]

ACTION_PREFIX = "pulse."
_EMBEDDED = re.compile(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]*")
_NOTHING_SAID = "Done."
_SENTENCE_END = re.compile(r"(?<=[\w%)][.!?])\s+(?=\w)")
_SHORTEST_FINDING = 15
_TYPED = re.compile(r"(`[^`\n]+`)")


def render(answer: Answer, look: Look, frame: Frame = UNFRAMED, urls: Sequence[str] = ()) -> Activity:
    """The message of an answer, within the size limit. `urls`: where clients find its pictures."""
    match answer:
        case Refusal():
            return _refusal(answer, look, frame)
        case Reply():
            shown = answer if urls and look.can.pictures else answer.without_pictures()
            versions = (_reply(shown, look, frame, urls, room) for room in STEPS)
            return next((v for v in versions if size_bytes(v) <= look.message_bytes), _short(answer))


def size_bytes(activity: Activity) -> int:
    """The size that Teams counts: UTF-16, without pictures inside the card."""
    text = _EMBEDDED.sub("", json.dumps(activity, ensure_ascii=False))
    return len(text.encode("utf-16-le", "surrogatepass"))


def message(summary: str, card: cards.Element) -> Activity:
    """A message of one card. No `text` beside it: Teams would make two messages of them."""
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": cards.CARD_TYPE, "content": card}],
    }


def _reply(reply: Reply, look: Look, frame: Frame, urls: Sequence[str], room: Room) -> Activity:
    primary, rows = _controls(reply.actions, look, frame, room)
    body = (
        *_asked(frame, look),
        *_text(reply.text, room),
        *_facts(reply, room),
        *_pictures(reply.pictures, urls, look),
        *_table(reply.table, look, room),
        *_small_print(reply, look, frame),
        *(cards.buttons(row) for row in rows),
    )
    summary = _summary(reply)
    return message(summary, cards.card(body, primary, summary, for_teams=look.can.own_keywords))


def _short(reply: Reply) -> Activity:
    """The last rung: the sentence alone."""
    summary = _summary(reply)
    return message(summary, cards.card([cards.heading(escape(summary, limits.SUMMARY_TEXT))], (), summary))


def _refusal(refusal: Refusal, look: Look, frame: Frame) -> Activity:
    said = one_line(refusal.message, limits.TITLE_TEXT) or "That did not work."
    body = [cards.paragraph(escape(said, limits.TITLE_TEXT), apart=True)]
    if hint := _hint(refusal, look.command):
        body.append(cards.paragraph(hint))
    if refusal.ref:
        body.append(cards.small(f"Reference {escape(refusal.ref, 80)}"))
    primary, rows = _controls(refusal.actions, look, frame, FULL)
    summary = one_line(said, limits.SUMMARY_TEXT)
    body += [cards.buttons(row) for row in rows]
    return message(summary, cards.card(body, primary, summary, for_teams=look.can.own_keywords))


def _hint(refusal: Refusal, command: str) -> str:
    """A hint of wrong use is what to type; any other hint is a sentence."""
    hint = refusal.hint.strip().removeprefix(command).strip()
    if not hint or refusal.code is not RefusalCode.WRONG_USE or hint.endswith("."):
        return "".join(_hint_part(part, command) for part in _TYPED.split(hint[: limits.TITLE_TEXT]))
    return f"Try: **{escape(hint, limits.TITLE_TEXT)}**"


def _hint_part(part: str, command: str) -> str:
    """What to type stands out; cards have no code, and here the slash command in front is not needed."""
    typed = _TYPED.fullmatch(part)
    if typed is None:
        spaces = (" " * part.startswith(" "), " " * part.endswith(" "))
        return escape(part, limits.TITLE_TEXT).join(spaces) if part.strip() else part
    bare = typed[0].strip("`").removeprefix(f"{command} ")
    return f"**{escape(bare, limits.TITLE_TEXT)}**"


def _summary(reply: Reply) -> str:
    """One short plain line: what notifications and clients without cards show."""
    first = next((line for line in lines(reply.text) if line.strip()), "")
    return one_line(first, limits.SUMMARY_TEXT) or _NOTHING_SAID


def _asked(frame: Frame, look: Look) -> Iterator[cards.Element]:
    if frame.asker:
        typed = escape(f"{look.command} {frame.asked}", limits.TITLE_TEXT)
        yield cards.small(f"asked by {escape(frame.asker, 80)}: {typed}")


def _text(text: str, room: Room) -> Iterator[cards.Element]:
    """The first sentence is the finding; the rest of its line and further lines are paragraphs."""
    first, *others = lines(text)[: room.lines]
    finding, rest = _opening(first)
    yield cards.heading(escape(finding, min(room.line_text, limits.TITLE_TEXT)) or _NOTHING_SAID)
    if rest:
        yield cards.paragraph(escape(rest, room.line_text))
    was_empty = False
    for line in others:
        if line.strip():
            yield cards.paragraph(escape(line, room.line_text), apart=was_empty)
        was_empty = not line.strip()


def _opening(line: str) -> tuple[str, str]:
    """The first sentence, and what follows it on the same line."""
    end = _SENTENCE_END.search(line, _SHORTEST_FINDING)
    return (line[: end.start()], line[end.end() :]) if end else (line, "")


def _facts(reply: Reply, room: Room) -> Iterator[cards.Element]:
    shown = reply.facts[: room.facts]
    if shown:
        yield cards.facts(
            (
                escape(f.label, limits.FACT_TEXT),
                escape(f.value + change_text(f), limits.FACT_TEXT),
            )
            for f in shown
        )


def _pictures(pictures: Sequence[Picture], urls: Sequence[str], look: Look) -> Iterator[cards.Element]:
    shown = zip(urls[: limits.PICTURES], pictures, strict=False)
    yield from (cards.image(url, picture.alt, for_teams=look.can.own_keywords) for url, picture in shown)


def _table(table: Table | None, look: Look, room: Room) -> Iterator[cards.Element]:
    if table is None or not table.columns or not room.rows:
        return
    if table.title:
        yield cards.caption(escape(table.title, limits.TITLE_TEXT))
    grid = table_cells(table, room.rows)
    if look.can.tables:
        columns = table.columns[: limits.TABLE_COLUMNS]
        yield cards.table(grid, [column.unit is not Unit.TEXT for column in columns])
    else:
        yield from (cards.paragraph(" · ".join(row)) for row in grid)
    if len(table.rows) > room.rows:
        yield cards.small(f"{len(table.rows) - room.rows:,} more")


def table_cells(table: Table, rows: int) -> list[list[str]]:
    """Header and the first rows as escaped texts, at most six columns."""
    columns = table.columns[: limits.TABLE_COLUMNS]
    header = [escape(column.label, limits.CELL_TEXT) for column in columns]
    return [header, *([_cell(v, c) for v, c in zip(row, columns, strict=False)] for row in table.rows[:rows])]


def _cell(value: str | float | None, column: Column) -> str:
    return escape(cell_text(value, column), limits.CELL_TEXT)


def _small_print(reply: Reply, look: Look, frame: Frame) -> Iterator[cards.Element]:
    said = (escape(footer_line(reply.footer, look.now), limits.TITLE_TEXT), frame.note)
    yield from (cards.small(text) for text in said if text)


def _controls(
    actions: Sequence[Action], look: Look, frame: Frame, room: Room
) -> tuple[list[cards.Element], list[list[cards.Element]]]:
    """Links and buttons of the card, and further rows: one per group, and what does not fit."""
    opening = [cards.link(title, url) for title, url in frame.links]
    if not look.can.buttons or not room.rows_of_buttons:
        return opening[: limits.BUTTONS_PER_ROW], []
    numbered = [
        (n, a) for n, a in enumerate(actions) if len(a.command.encode("utf-16-le")) <= limits.BUTTON_COMMAND
    ]
    groups = dict.fromkeys(a.group for _, a in numbered if a.group is not None)
    single = opening + [_button(n, a, frame) for n, a in numbered if a.group is None]
    grouped = [[_button(n, a, frame) for n, a in numbered if a.group == group] for group in groups]
    rows = [row[k : k + limits.BUTTONS_PER_ROW] for row in grouped for k in range(0, len(row), 6)]
    size = limits.BUTTONS_PER_ROW
    rows += [single[k : k + size] for k in range(size, len(single), size)]
    return single[:size], rows[: room.rows_of_buttons - 1]


def _button(n: int, action: Action, frame: Frame) -> cards.Element:
    data: cards.Element = {"command": action.command}
    if frame.is_private:
        data["private"] = True
    return cards.button(f"{ACTION_PREFIX}{n}.{one_line(action.id, 80)}", action.label, data)
