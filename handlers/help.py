"""`help [COMMAND|all]`: what to try first, then what can be asked, with examples that run as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.kit.levels import PER_PERSON_OFF, THE_OWNER, granted_by
from bot.model.chat import Action, Column, Level, Reply, Request, Table
from bot.model.errors import NotAllowed, UnknownWord

EVERYTHING = "all"
RANGES = "A range goes anywhere: `7d`, `4w`, `this month`, `oct`, `2026-10-01..2026-10-14`. All days are UTC."
TRIED_FIRST = 3
FIRST = (
    (Level.ADMIN, ("overview", "budget", "status")),
    (Level.INVESTIGATOR, ("tokens 30d", "alerts", "trail 30d")),
    (Level.APPROVER, ("help approve", "overview", "me 30d")),
    (Level.ANALYST, ("overview", "top 10 by credits", "teams 30d by credits")),
    (Level.MEMBER, ("overview", "me 30d", "usage 30d by model")),
)
"""What somebody of a level tries first; the level that says most about a person's work stands first."""


def command(commands: Callable[[], Sequence[Command]]) -> Command:
    """The help command over the commands there are."""

    async def run(request: Request, deps: Deps) -> Reply:
        words = request.query.words
        reachable = [c for c in commands() if _reachable(c, request, deps)]
        if not words:
            return _first(reachable, request, deps)
        if words[0].casefold() == EVERYTHING:
            return _all(reachable, deps)
        _refuse_out_of_reach(words[0], commands(), request, deps)
        return _one(_named(words[0], reachable), deps)

    return Command(
        name="help",
        summary="What you can ask, with examples",
        run=run,
        usage="[COMMAND|all]",
        examples=("help", "help all", "help usage"),
        ranged=False,
        words=Words.SOME,
        repeatable=False,
    )


def _reachable(command: Command, request: Request, deps: Deps) -> bool:
    """Within the asker's level; nothing about single people where the company switched that off."""
    hidden = command.shows is Shows.PEOPLE and not deps.company.per_person
    return not hidden and bool(command.levels & request.asker.levels)


def _refuse_out_of_reach(word: str, commands: Sequence[Command], request: Request, deps: Deps) -> None:
    """Says what a command needs; look-ups stay unknown to whoever may not make them."""
    named = _by_name(commands).get(word.casefold())
    if named is None or named.shows is Shows.AUDIT:
        return
    if not named.levels & request.asker.levels:
        raise NotAllowed(named.level, granted_by(named.level))
    if not _reachable(named, request, deps):
        raise NotAllowed(PER_PERSON_OFF, THE_OWNER)


def _named(word: str, commands: Sequence[Command]) -> Command:
    by_name = _by_name(commands)
    if found := by_name.get(word.casefold()):
        return found
    nearest = get_close_matches(word.casefold(), by_name, 1, 0.6)
    raise UnknownWord(word=word, nearest=nearest[0] if nearest else None, example="help")


def _by_name(commands: Sequence[Command]) -> dict[str, Command]:
    return {name: c for c in commands for name in (c.name, *c.aliases)}


def _first(commands: Sequence[Command], request: Request, deps: Deps) -> Reply:
    """Three things to try, then the names of all."""
    slash, by_name = deps.company.slash, _by_name(commands)
    tried = list(_tried(request, by_name))[:TRIED_FIRST]
    lines = [f"Ask about Codex in your company. {_count(tried)} to try first:"]
    lines += [f"• `{slash} {line}`: {_named_in(line, by_name).summary}" for line in tried]
    names = ", ".join(c.name for c in commands)
    lines += ["", f"You can ask: {names}.", f"`{slash} help usage` explains one of them. {RANGES}"]
    more = Action("help-all", "Everything", f"help {EVERYTHING}")
    return Reply("help", "\n".join(lines), actions=(*_buttons(tried), more))


def _tried(request: Request, by_name: dict[str, Command]) -> Iterator[str]:
    """Of what the asker's levels try first what there is, each once; of a lower level what is wanting."""
    lines = (line for level, lines in FIRST if request.asker.has(level) for line in lines)
    for line in dict.fromkeys(lines):
        if line.split()[0] in by_name:
            yield line


def _named_in(line: str, by_name: dict[str, Command]) -> Command:
    """The command a line is about: `help approve` is about `approve`."""
    first, *others = line.split()
    return by_name[others[0] if first == "help" else first]


def _count(tried: Sequence[str]) -> str:
    return "Three things" if len(tried) == TRIED_FIRST else "Something"


def _all(commands: Sequence[Command], deps: Deps) -> Reply:
    rows = tuple((f"{deps.company.slash} {c.line}", c.summary) for c in commands)
    columns = (Column("command", "Command"), Column("does", "Answers"))
    return Reply(
        "help",
        f"There are {len(rows)} commands for you. {RANGES}",
        table=Table(columns, rows, title="Commands", ranking=True),
    )


def _one(command: Command, deps: Deps) -> Reply:
    slash = deps.company.slash
    lines = [f"`{slash} {command.line}`: {command.summary}."]
    lines += [f"• `{option.name}`: {option.help}" for option in command.options]
    lines.append("Examples: " + ", ".join(f"`{slash} {example}`" for example in command.examples))
    return Reply("help", "\n".join(lines), actions=_buttons(_harmless(command)))


def _harmless(command: Command) -> list[str]:
    """Examples that may run at a click: what changes something or looks somebody up is typed."""
    if not command.repeatable and command.name != "help":
        return []
    changing = set(command.changes_with)
    return [example for example in command.examples if not changing & set(example.split())]


def _buttons(lines: Sequence[str]) -> tuple[Action, ...]:
    return tuple(Action(f"ask-{n}", line, line) for n, line in enumerate(lines))
