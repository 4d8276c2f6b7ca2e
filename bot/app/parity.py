"""`docs/platforms.md`: how each command is asked on each platform, and who sees the answer there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit.command import Command, Shows

_OPENING = """# The same commands everywhere

One handler answers a command on every platform; `tests/platforms` compares the words, facts, table cells,
buttons and files of Slack's and Teams' messages for every example of every command. What differs is how a
command is asked and who sees the answer:

"""
_CLOSING = """
"here": everybody in the conversation, or only you with `private`. "you": in Slack a message that only you
see; in Teams a targeted message, gone after 24 hours, or the personal chat. "direct message": nowhere else;
look-ups are deleted there after their time. In a personal chat of Teams the words after `/codex` are enough.
The console prints as whoever `--as` names.

| What | Slack | Teams | Console |
|---|---|---|---|
| Chart | image in the message | image in the card, or a signed link | PNG in `--out` |
| Table | text, rankings in Slack's own table | at most 24 rows and 6 columns | all of it |
| Choice of ranges | menu | buttons | typed |
| File | upload | consent card in the personal chat, else a signed link | in `--out` |
| Scheduled posts | channel, direct message | channel, group chat, personal chat | `digest --due --demo` |
| Form and Home | yes | no: commands are listed in the compose box | no |
"""
_SEEN = {
    Shows.AGGREGATES: "here",
    Shows.OWN: "you",
    Shows.PEOPLE: "you",
    Shows.AUDIT: "direct message",
    Shows.PRIVATE: "you",
}


def page(commands: Sequence[Command]) -> str:
    """The whole document."""
    head = ["| Command | Slack | Teams | Console |", "|---|---|---|---|"]
    return _OPENING + "\n".join([*head, *map(_row, commands)]) + "\n" + _CLOSING


def _row(command: Command) -> str:
    seen = _SEEN[command.shows]
    example = command.examples[0].replace("|", "\\|")
    teams = f"`@Codex Pulse {example}`: {seen}"
    return f"| {command.name} | `/codex {example}`: {seen} | {teams} | `ask '{example}'` |"
