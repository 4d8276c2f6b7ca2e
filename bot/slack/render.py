"""Answer -> message: pure, no I/O, no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kit.cells import change_text
from bot.model.chat import Action, Answer, Audience, Fact, File, Footer, Picture, Refusal, Reply, Table
from bot.slack import blocks as b
from bot.slack import limits
from bot.slack.native import native_charts
from bot.slack.tables import data_table, table_text
from bot.slack.text import code, day, escape, instant, mention, with_local_times

ACTION_PREFIX = "pulse."
_TEXT_SECTIONS = 12
_FACT_SECTIONS = 5
_PICTURES = 10
_FACT_PART = 900
_DAYS_NAMED = 5
_NOTHING_SAID = "Done."
_CODE = re.compile("`([^`]+)`")
_STALE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack shows. `text` alone is the answer; pictures and files are still to be uploaded.

    `plain_blocks` say the same without Slack's newest blocks, for when it refuses those.
    """

    text: str
    blocks: tuple[b.Block, ...]
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()
    audience: Audience = Audience.ASKER
    plain_blocks: tuple[b.Block, ...] | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What rendering needs beside the answer: the time, how commands become opaque values, our command.

    `native_charts`: whether Slack may draw what fits its own charts.
    """

    now: datetime
    seal: Callable[[str], str]
    command: str = "/codex"
    native_charts: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What is said around an answer: who asked what (no `asker_id`: nobody), and a closing mrkdwn line."""

    asker_id: str = ""
    asked: str = ""
    note: str = ""


def render(answer: Answer, look: Look, frame: Frame = Frame(), file_ids: Sequence[str] = ()) -> Message:
    """The message of an answer. `file_ids`: the uploaded pictures; without them text and table remain."""
    match answer:
        case Reply():
            return _reply(answer, look, frame, tuple(_pictures(answer, file_ids)))
        case Refusal():
            return _refusal(answer, look)


def render_native(reply: Reply, look: Look, frame: Frame = Frame()) -> Message | None:
    """The message with Slack's own charts and nothing to upload; None where it has to be the pictures."""
    charts = native_charts(reply.pictures, look.now) if look.native_charts else ()
    return _reply(reply, look, frame, charts) if charts else None


def _reply(reply: Reply, look: Look, frame: Frame, pictures: Sequence[b.Block]) -> Message:
    head = (*_asked(frame, look), *_paragraphs(reply.text), *_fact_fields(reply.facts))
    tail = (
        *_small_print(reply.footer, look.now, frame.note),
        *b.actions(_controls(reply.actions, look)),
    )
    plain = (*head, *pictures, *_text_table(reply.table), *tail)
    native = data_table(reply.table) if reply.table else None
    newest = (*head, *pictures, native, *tail) if native else None
    return Message(
        text=_top_text(reply),
        blocks=(newest or plain)[: limits.BLOCKS_PER_MESSAGE],
        pictures=reply.pictures,
        files=reply.files,
        audience=reply.audience,
        plain_blocks=plain[: limits.BLOCKS_PER_MESSAGE] if newest else None,
    )


def _refusal(refusal: Refusal, look: Look) -> Message:
    hint = _hint(refusal, look.command)
    message = escape(refusal.message, limits.SECTION_TEXT // 2)
    said = "\n".join(part for part in (message, hint) if part)
    small = (b.context(f"Reference {code(refusal.ref, 80)}"),) if refusal.ref else ()
    controls = b.actions(_controls(refusal.actions, look))
    return Message(text=said.strip() or "That did not work.", blocks=(b.section(said), *small, *controls))


def _hint(refusal: Refusal, command: str) -> str:
    """The hint with what to type as code that can be copied and run: `/codex usage 30d`."""
    hint = escape(refusal.hint.strip(), limits.SECTION_TEXT // 4)
    if hint.startswith("Try "):
        return _CODE.sub(lambda found: f"`{_runnable(found.group(1), command)}`", hint)
    return hint


def _runnable(typed: str, command: str) -> str:
    return typed if typed.startswith(command) else f"{command} {typed}"


def _top_text(reply: Reply) -> str:
    figures = (f"{f.label}: {f.value}{change_text(f)}" for f in reply.facts)
    return escape("\n".join((reply.text, *figures)), limits.MESSAGE_TEXT_SHOWN).strip() or _NOTHING_SAID


def _asked(frame: Frame, look: Look) -> Iterator[b.Block]:
    if frame.asker_id:
        typed = code(f"{look.command} {frame.asked}", limits.CONTEXT_TEXT // 2)
        yield b.context(f"asked by {mention(frame.asker_id)}: {typed}")


def _paragraphs(text: str) -> list[b.Block]:
    """Sections of whole lines, each within the limit; what does not fit into a dozen is left out."""
    chunks: list[str] = []
    for line in text.split("\n"):
        escaped = _local(escape(line, limits.SECTION_TEXT))
        if chunks and len(chunks[-1]) + 1 + len(escaped) <= limits.SECTION_TEXT:
            chunks[-1] += f"\n{escaped}"
        else:
            chunks.append(escaped)
    return [b.section(chunk) for chunk in chunks[:_TEXT_SECTIONS] if chunk.strip()]


def _local(escaped: str) -> str:
    """With times in the reader's zone, where there is room for what Slack needs for that."""
    local = with_local_times(escaped)
    return local if len(local) <= limits.SECTION_TEXT else escaped


def _fact_fields(facts: Sequence[Fact]) -> Iterator[b.Block]:
    shown = facts[: _FACT_SECTIONS * limits.SECTION_FIELDS]
    return b.fields(
        f"*{escape(f.label, _FACT_PART)}*\n{escape(f.value + change_text(f), _FACT_PART)}" for f in shown
    )


def _pictures(reply: Reply, file_ids: Sequence[str]) -> Iterator[b.Block]:
    """Pictures as far as they were uploaded."""
    shown = zip(file_ids[:_PICTURES], reply.pictures, strict=False)
    yield from (b.image(file_id, picture.alt) for file_id, picture in shown)


def _text_table(table: Table | None) -> Iterator[b.Block]:
    """The table that was asked for or stands in for a picture, as aligned text."""
    if table is not None and table.columns:
        if table.title:
            yield b.section(escape(table.title, limits.SECTION_TEXT))
        yield b.preformatted(table_text(table))


def _small_print(footer: Footer, now: datetime, note: str) -> Iterator[b.Block]:
    line = footer_line(footer, now)
    yield from (b.context(text) for text in (line, note) if text)


def footer_line(footer: Footer, now: datetime) -> str:
    """One short mrkdwn line: window and receipt; missing days and a sync older than 24 h when true."""
    parts = (_window(footer, now), footer.receipt or "", _missing(footer, now), _stale(footer, now))
    return " · ".join(part for part in parts if part)


def _window(footer: Footer, now: datetime) -> str:
    if footer.window is None or footer.window.day_count == 0:
        return ""
    count = footer.window.day_count
    last = day(footer.window.last, now)
    return f"{last} UTC" if count == 1 else f"{count:,} days to {last} UTC"


def _missing(footer: Footer, now: datetime) -> str:
    days = footer.missing_days
    if not days:
        return ""
    named = ", ".join(day(d, now) for d in days[:_DAYS_NAMED])
    more = f" and {len(days) - _DAYS_NAMED:,} more" if len(days) > _DAYS_NAMED else ""
    return f"missing: {named}{more}"


def _stale(footer: Footer, now: datetime) -> str:
    if footer.synced_at is None or now - footer.synced_at <= _STALE:
        return ""
    return f"last synced {instant(footer.synced_at)}"


def _controls(actions: Sequence[Action], look: Look) -> Iterator[b.Block]:
    """Buttons, and one menu per group at the place of its first action.

    A command too long for a value is left out: it can still be typed.
    """
    groups: set[str] = set()
    for n, action in enumerate(actions):
        if action.group is None:
            value = look.seal(action.command)
            if len(value) <= limits.BUTTON_VALUE:
                yield b.button(f"{ACTION_PREFIX}{n}.{action.id}", action.label, value)
        elif action.group not in groups:
            groups.add(action.group)
            yield from _menu(action.group, actions, look)


def _menu(group: str, actions: Sequence[Action], look: Look) -> Iterator[b.Block]:
    options = [(a.label, look.seal(a.command)) for a in actions if a.group == group]
    fitting = [option for option in options if len(option[1]) <= limits.OPTION_VALUE]
    if fitting:
        yield b.select(f"{ACTION_PREFIX}menu.{group}", group.capitalize(), fitting[: limits.SELECT_OPTIONS])
