"""What the local chat page says by itself: people, rooms, suggested questions and a short story."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.console.page_wire import Step, Where, Who

OPENING = "overview"
SUGGESTIONS = (
    "usage 30d by model",
    "adoption 12w weekly",
    "teams 90d by credits",
    "top 10 by credits",
    "me 90d",
)
PEOPLE: Mapping[Who, str] = {
    "member": "sees aggregates and own figures",
    "analyst": "also sees per-person figures and rankings",
    "investigator": "may ask for look-ups in the audit log",
    "approver": "approves or denies look-ups",
    "admin": "also manages budgets, schedules and policy",
    "guest": "is from another company and gets one polite refusal",
}
ROOMS: Mapping[Where, tuple[str, str]] = {
    "channel": ("codex", "Aggregates for everyone at Northwind"),
    "analysts": ("analysts", "Figures of people may be shown here"),
    "dm": ("Codex Pulse", "Your direct message with the bot"),
    "shared": ("partners", "Shared with another company: little is said here"),
}
_STORY: tuple[tuple[str, Step], ...] = (
    (
        "adoption",
        Step(
            "Codex is catching on",
            "Weekly active people since spring: new people come, most of them stay.",
            "member",
            "channel",
            "adoption 26w weekly",
        ),
    ),
    (
        "usage",
        Step(
            "Then spend jumps",
            "In late September credits shoot up while people hardly change. Which client is it?",
            "analyst",
            "channel",
            "usage 2026-09-08..2026-10-07 by client",
        ),
    ),
    (
        "top",
        Step(
            "Who is behind it?",
            "An analyst may ask for names. The answer is private: it comes as a direct message.",
            "analyst",
            "channel",
            "top 10 by credits 2026-09-22..2026-09-24",
        ),
    ),
    (
        "budget",
        Step(
            "Set a limit",
            "An admin sets a monthly budget; from now on Codex Pulse forecasts the month and warns in time.",
            "admin",
            "channel",
            "budget set 15000 credits monthly",
        ),
    ),
    (
        "tokens",
        Step(
            "A token that lasts too long",
            "Access tokens are watched as well: which are about to expire, unused, or too powerful?",
            "investigator",
            "dm",
            "tokens 30d",
        ),
    ),
)


def story(commands: Collection[str]) -> list[Step]:
    """The steps whose command there is."""
    return [step for command, step in _STORY if command in commands]
