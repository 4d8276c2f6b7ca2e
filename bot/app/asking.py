"""`ask`: one command answered as the bot would, on stdout."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager

from bot.app.build import Product, product
from bot.console import as_json, as_text
from bot.console.exits import Exit, exit_of
from bot.console.outdir import Saved, save
from bot.console.parser import ROLES
from bot.dispatch.policy import INCLUDES, Identity, place_of
from bot.dispatch.words import refusal
from bot.kit.exportfiles import discard
from bot.model.chat import Answer, Asker, Level, Place, PlaceKind, PlaceLevel, Refusal, Reply, Request
from bot.model.errors import PulseError, WrongUse
from bot.settings import Policy, Settings

Render = Callable[[Answer, Request, Saved], Awaitable[str]]
PLACES = {
    "channel": Place("C0PULSE001", PlaceKind.CHANNEL),
    "analysts": Place("C0PULSE002", PlaceKind.CHANNEL, PlaceLevel.PEOPLE),
    "dm": Place("D0PULSE001", PlaceKind.DM, PlaceLevel.PEOPLE),
    "shared": Place("C0PULSE003", PlaceKind.SHARED),
}
OPERATOR = Asker("console", levels=INCLUDES[Level.ANALYST])
"""Who asks without `--as`: whoever holds the keys on this machine, without the audit grants."""


async def _as_slack(answer: Answer, request: Request, _saved: Saved) -> str:
    from bot.app.slack_side import sealer  # noqa: PLC0415  # only who asks for it waits for Slack's packages
    from bot.slack.payloads import payloads as slack_payloads  # noqa: PLC0415  # the same

    settings = Settings.load()
    entries = await slack_payloads(
        answer, request, sealer(settings), settings.command, native_charts=settings.native_charts
    )
    return json.dumps(entries, indent=2, ensure_ascii=False)


async def _as_text(answer: Answer, request: Request, saved: Saved) -> str:
    return as_text.render(answer, saved, request.now)


async def _as_json(answer: Answer, _request: Request, saved: Saved) -> str:
    return as_json.render(answer, saved)


async def _as_teams(answer: Answer, request: Request, _saved: Saved) -> str:
    from bot.teams.payloads import payloads as teams_payloads  # noqa: PLC0415  # as for Slack

    activities = await teams_payloads(answer, request, Settings.load().command)
    return json.dumps(activities, indent=2, ensure_ascii=False)


RENDERERS: Mapping[str, Render] = {
    "text": _as_text,
    "json": _as_json,
    "slack": _as_slack,
    "teams": _as_teams,
}


async def ask(arguments: argparse.Namespace) -> Exit:
    """Answer and print; a refusal is an answer with an exit code of its own."""
    settings = Settings.load()
    request = Request(arguments.text, OPERATOR, PLACES["channel"], settings.clock())
    render = RENDERERS[arguments.format]
    answer: Answer
    try:
        check_words(arguments, settings)
        async with workspace(arguments) as built:
            request = await _request(built, arguments)
            answer = await built.dispatcher.answer(request)
            saved = save(answer, request, arguments.out) if isinstance(answer, Reply) else Saved()
            text = await render(answer, request, saved)  # files are there until the answer is discarded
            discard(answer)
    except PulseError as error:
        answer = refusal(error)
        text = await render(answer, request, Saved())
    _print(text, answer, arguments.format)
    return exit_of(answer)


def _print(text: str, answer: Answer, form: str) -> None:
    out = sys.stderr if isinstance(answer, Refusal) and form == "text" else sys.stdout
    out.write(text + "\n")


def workspace(arguments: argparse.Namespace) -> AbstractAsyncContextManager[Product]:
    """The product on the demo or on the settings; raises WrongUse for `--fresh` without `--demo`."""
    settings = Settings.load()
    if arguments.demo:
        from bot.app.demo import demo_workspace  # noqa: PLC0415  # the reference server is the demo's only

        return demo_workspace(settings, fresh=arguments.fresh)
    if arguments.fresh:
        raise WrongUse("--fresh empties the demo's folder.", "Add --demo.")
    return product(settings)


async def _request(built: Product, arguments: argparse.Namespace) -> Request:
    asker = await _asker(built, arguments.who, demo=arguments.demo)
    place = place_named(arguments.where, built.settings.policy)
    return Request(arguments.text, asker, place, built.clock(), id="ask")


def check_words(arguments: argparse.Namespace, settings: Settings) -> None:
    """Raises WrongUse for a plain word that names nobody or no place: a slip of the hand is not guessed."""
    policy, who, where = settings.policy, arguments.who or "", arguments.where
    people = {*settings.admins, *(name for level in Level for name in policy.members_of(level)), *ROLES}
    if _is_slip(who, people):
        raise WrongUse(f"--as {who} is nobody I know.", f"Write {', '.join(ROLES)}, an e-mail or an id.")
    if _is_slip(where, {*policy.channels, *PLACES}):
        raise WrongUse(f"--where {where} is no place I know.", f"Write {', '.join(PLACES)} or an id.")


def _is_slip(word: str, known: Collection[str]) -> bool:
    """Ids and addresses have digits, signs or capitals; a plain word is one only where it is named."""
    plain = word.casefold()
    return word.isalpha() and not word.isupper() and plain not in {name.casefold() for name in known}


def place_named(where: str, policy: Policy) -> Place:
    """A place by its word or its id; ids of direct messages begin with D, as Slack's do."""
    known = PLACES.get(where.casefold()) or next((p for p in PLACES.values() if p.id == where), None)
    kind = PlaceKind.DM if where.startswith("D") else PlaceKind.CHANNEL
    return known or place_of(where, kind, policy)


async def _asker(built: Product, who: str | None, *, demo: bool) -> Asker:
    role = (who or "analyst").casefold()
    if demo and role in ROLES:
        from bot.app.demo import demo_identity  # noqa: PLC0415  # the same

        return await built.access.asker(demo_identity(role))
    if who is None:
        return OPERATOR
    if role in ROLES:
        raise WrongUse(
            f"--as {who} is a person of the demo workspace.", "Add --demo, or name an e-mail or id."
        )
    return await built.access.asker(Identity(who, who if "@" in who else None))
