"""`digest --preview|--due`: the digest on stdout, or everything that is due posted once, for cron."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from bot.app.asking import OPERATOR, ask, workspace
from bot.app.build import Product
from bot.app.demo import demo_identity
from bot.app.platforms import outlets, wants_slack
from bot.app.scheduling import AskerOf, OnStep, Outlet, corrections, ticker
from bot.app.teams_side import is_wanted
from bot.console import as_text
from bot.console.exits import Exit
from bot.console.outdir import Saved
from bot.console.parser import ROLES
from bot.console.poster import ConsolePoster
from bot.dispatch.policy import Identity
from bot.kit.delivered import deliveries_sentence, deliveries_table
from bot.model.chat import Asker, Platform, Reply
from bot.model.message import Destination
from bot.settings import Settings
from bot.state.deliveries import Delivery


async def digest(arguments: argparse.Namespace, on_step: OnStep = lambda _delivery: None) -> Exit:
    """Exit 5 when something that was due is not posted as it should be."""
    if arguments.preview:
        asked = {**vars(arguments), "text": "digest preview", "where": "channel"}
        return await ask(argparse.Namespace(**asked))
    async with workspace(arguments) as built, _outlets(built, arguments) as outlets:
        return await due(built, outlets, on_step)


async def due(
    built: Product, outlets: Mapping[Platform, Outlet], on_step: OnStep = lambda _delivery: None
) -> Exit:
    """One pass over what is due and over what needs a correction; told on stdout."""
    now = built.clock()
    report = await ticker(built, outlets, on_step).run_due(now)
    corrected = () if report.stopped else await corrections(built, outlets).run(now)
    sys.stdout.write(_told(report.deliveries, corrected, now) + "\n")
    if report.stopped:
        sys.stderr.write("The platform does not accept the token any more: nothing more is posted.\n")
    return Exit.DONE if report.ok else Exit.CHECK_FAILED


def _told(deliveries: tuple[Delivery, ...], corrected: tuple[Delivery, ...], now: datetime) -> str:
    text = deliveries_sentence(deliveries)
    if corrected:
        named = ", ".join(f"{one.subscription_id} {one.period}" for one in corrected)
        text += f" Corrected after late data: {named}."
    table = deliveries_table(deliveries) if deliveries else None
    return as_text.render(Reply("digest", text, table=table), Saved(), now)


@asynccontextmanager
async def _outlets(built: Product, arguments: argparse.Namespace) -> AsyncIterator[Mapping[Platform, Outlet]]:
    """The platforms that are configured; in the demo without any the terminal."""
    if arguments.demo and not _has_platform(built.settings):
        poster = ConsolePoster(sys.stdout, arguments.out, built.clock)
        yield {platform: Outlet(_demo_asker(built), poster) for platform in Platform}
        return
    async with outlets(built) as configured:
        yield configured


def _has_platform(settings: Settings) -> bool:
    return wants_slack(settings) or is_wanted(settings)


def _demo_asker(built: Product) -> AskerOf:
    """The demo's people by the ids under which `ask --as` lets them type."""
    roles = {demo_identity(role).chat_id: role for role in ROLES}

    async def find(owner_id: str, place: Destination) -> Asker:
        del place
        if owner_id == OPERATOR.id:
            return OPERATOR
        known = owner_id in roles
        return await built.access.asker(demo_identity(roles[owner_id]) if known else Identity(owner_id))

    return find
