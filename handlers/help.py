"""`help [COMMAND]`: what can be asked, with examples that run as written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.model.chat import Action, Column, Reply, Request, Table
from bot.model.errors import UnknownWord

RANGES = "A range goes anywhere: `7d`, `4w`, `this month`, `oct`, `2026-10-01..2026-10-14`. All days are UTC."


def command(commands: Callable[[], Sequence[Command]]) -> Command:
    """The help command over the commands there are."""

    async def run(request: Request, deps: Deps) -> Reply:
        words = request.query.words
        reachable = [c for c in commands() if _reachable(c, request, deps)]
        return _one(_named(words[0], reachable), deps) if words else _all(reachable, deps)

    return Command(
        name="help",
        summary="What you can ask, with examples",
        run=run,
        usage="[COMMAND]",
        examples=("help", "help usage"),
        ranged=False,
        words=Words.SOME,
        repeatable=False,
    )


def _reachable(command: Command, request: Request, deps: Deps) -> bool:
    """Within the asker's level; nothing about single people where the company switched that off."""
    hidden = command.shows is Shows.PEOPLE and not deps.company.per_person
    return not hidden and bool(command.levels & request.asker.levels)


def _named(word: str, commands: Sequence[Command]) -> Command:
    by_name = {name: c for c in commands for name in (c.name, *c.aliases)}
    if found := by_name.get(word.casefold()):
        return found
    nearest = get_close_matches(word.casefold(), by_name, 1, 0.6)
    raise UnknownWord(word=word, nearest=nearest[0] if nearest else None, example="help")


def _all(commands: Sequence[Command], deps: Deps) -> Reply:
    slash = deps.company.slash
    examples = [c.examples[0] for c in commands if c.name != "help"][:3]
    text = f"Ask about Codex in your company, for example {_listed(examples, slash)}."
    rows = tuple((f"{slash} {c.line}", c.summary) for c in commands)
    return Reply(
        "help",
        f"{text}\n{RANGES}",
        table=Table((Column("command", "Command"), Column("does", "Answers")), rows),
        actions=tuple(Action(f"ask-{n}", text, text) for n, text in enumerate(examples)),
    )


def _one(command: Command, deps: Deps) -> Reply:
    slash = deps.company.slash
    lines = [f"`{slash} {command.line}`: {command.summary}."]
    lines += [f"• `{option.name}`: {option.help}" for option in command.options]
    lines.append("Examples: " + ", ".join(f"`{slash} {example}`" for example in command.examples))
    actions = tuple(Action(f"ask-{n}", text, text) for n, text in enumerate(command.examples[:3]))
    return Reply("help", "\n".join(lines), actions=actions)


def _listed(examples: Sequence[str], slash: str) -> str:
    return " or ".join(f"`{slash} {example}`" for example in examples)
