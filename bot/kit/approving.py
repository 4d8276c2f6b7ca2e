"""Approvals in words and in JSON: what is asked for, and what became of a decision."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import msgspec

from bot.compliance.results import SubjectKind
from bot.kit.deps import Deps
from bot.model.chat import Action, Asker, Reply, Request
from bot.model.errors import NotAllowed
from bot.model.timerange import TimeRange
from bot.state.approvals import Approval, Approvals, Decision, Verdict

NUMBER: Final = re.compile(r"[Aa]-(\d{1,9})")
ORIGINALS: Final = ", and an evidence pack may hold the *original lines, not redacted*"
SAID: Final = {
    Decision.OWN_REQUEST: "You asked for this yourself: somebody else has to decide.",
    Decision.ALREADY_DECIDED: "This is decided already.",
    Decision.EXPIRED: "This request is older than 30 minutes and has ended; it can be asked for again.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Content of everything about a subject in a window, for a case.

    With `originals` an evidence pack may hold the lines as the source has them, not redacted.
    `requester` are the names of who asks beside the chat account, see `names_of`.
    """

    kind: SubjectKind
    subject: str
    window: TimeRange
    case: str
    originals: bool = False
    requester: tuple[str, ...] = field(default=(), compare=False)

    def packed(self) -> str:
        """JSON for the approval."""
        days = self.window.start, self.window.end
        told = _Packed(self.kind.value, self.subject, *days, self.case, self.originals, self.requester)
        return msgspec.json.encode(told).decode()


class _Packed(msgspec.Struct, array_like=True, frozen=True):
    kind: str
    subject: str
    start: date
    end: date
    case: str
    originals: bool
    requester: tuple[str, ...] = ()


def unpacked(text: str) -> Wanted:
    """The request inside an approval."""
    told = msgspec.json.decode(text, type=_Packed)
    window = TimeRange(told.start, told.end)
    return Wanted(SubjectKind(told.kind), told.subject, window, told.case, told.originals, told.requester)


def names_of(asker: Asker) -> tuple[str, ...]:
    """What a person is called on every platform: address and id in the records, as far as known."""
    return tuple(name.casefold() for name in (asker.email, asker.codex_user_id) if name)


def number_of(word: str) -> int | None:
    """12 for `A-12`; None for anything else."""
    found = NUMBER.fullmatch(word)
    return int(found[1]) if found else None


async def decide(request: Request, deps: Deps, *, approve: bool) -> Reply:
    """One decision by the asker; unknown numbers look like forbidden ones. The requester is told."""
    name = "approve" if approve else "deny"
    word, *nonce = request.query.words or ("",)
    number = number_of(word)
    approvals = Approvals(deps.state)
    held = await approvals.get(number) if number is not None else None
    if number is None or held is None:
        raise NotAllowed
    verdict = Verdict(_decider(request.asker, held), approve, nonce[0] if nonce else None)
    decision = await approvals.decide(number, verdict, request.now)
    if decision is Decision.NOT_FOUND:
        raise NotAllowed
    if decision is not Decision.DECIDED:
        return Reply(name, f"A-{number} is unchanged. {SAID[decision]}")
    told = await _tell(held, deps, approve=approve)
    return Reply(name, f"A-{number} is {'approved' if approve else 'denied'}. {told}")


def _decider(asker: Asker, held: Approval) -> str:
    """The asker's id; the requester's for the same person in another chat account."""
    is_same = frozenset(names_of(asker)) & frozenset(unpacked(held.asked.subject).requester)
    return held.asked.requester_id if is_same else asker.id


async def _tell(held: Approval, deps: Deps, *, approve: bool) -> str:
    news = f"{held.id} is {'approved' if approve else 'denied'}."
    if approve:
        news += f" Type `{deps.company.slash} content {held.id}` within 60 minutes."
    reached = deps.notices is not None and await deps.notices.person(held.asked.requester_id, news)
    return (
        "The requester was told." if reached else "Tell the requester: they could not be reached from here."
    )


def request_reply(held: Approval, wanted: Wanted, asker_id: str, extent: str) -> Reply:
    """What approvers see in the security channel: `extent` of content; buttons carry the single-use nonce."""
    return Reply(
        "content",
        f"{held.id}: somebody asks to read content of the audit log for case {wanted.case}.\n"
        f"{wanted.kind.value.capitalize()}, {wanted.window.day_count} days from {wanted.window.start}: "
        f"{extent}; asked by {asker_id}; purpose: {held.asked.purpose}\n"
        f"Approved, it is shown redacted for 60 minutes{ORIGINALS if wanted.originals else ''}.\n"
        "It ends in 30 minutes, and the requester cannot decide.",
        actions=(
            Action(f"approve-{held.number}", "Approve", f"approve {held.id} {held.nonce}"),
            Action(f"deny-{held.number}", "Deny", f"deny {held.id} {held.nonce}"),
        ),
    )
