"""Who sees what, and where (design section 7). Deny by default."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.command import Command, Shows
from bot.kit.levels import PER_PERSON_OFF, THE_OWNER, granted_by
from bot.model.chat import Asker, Audience, Level, Place, PlaceKind, Request
from bot.model.errors import NotAllowed
from bot.settings import Policy

INSIDE = "a direct message or an internal channel"
INCLUDES = {
    Level.ADMIN: frozenset({Level.ADMIN, Level.ANALYST, Level.MEMBER}),
    Level.ANALYST: frozenset({Level.ANALYST, Level.MEMBER}),
    Level.INVESTIGATOR: frozenset({Level.INVESTIGATOR, Level.MEMBER}),
    Level.APPROVER: frozenset({Level.APPROVER, Level.MEMBER}),
    Level.MEMBER: frozenset({Level.MEMBER}),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a platform vouches for: ids and a profile e-mail, never display names."""

    chat_id: str
    email: str | None = None
    groups: frozenset[str] = frozenset()
    role: str | None = None
    guest: bool = False


def levels_of(identity: Identity, policy: Policy, admins: tuple[str, ...] = ()) -> frozenset[Level]:
    """Every level held; empty for guests. Investigator and approver imply nothing but membership."""
    if identity.guest:
        return frozenset()
    names = {n.casefold() for n in (identity.chat_id, identity.email, *identity.groups) if n}
    held = {level for level in Level if names & {n.casefold() for n in policy.members_of(level)}}
    if names & {n.casefold() for n in admins}:
        held.add(Level.ADMIN)
    if identity.role and identity.role in policy.roles:
        held.add(policy.roles[identity.role])
    return frozenset().union(INCLUDES[Level.MEMBER], *(INCLUDES[level] for level in held))


def place_of(place_id: str, kind: PlaceKind, policy: Policy) -> Place:
    """The place with the level the policy gives it; aggregates where it names none."""
    level = policy.channels.get(place_id)
    return Place(place_id, kind, level) if level else Place(place_id, kind)


def authorise(command: Command, request: Request, *, per_person: bool) -> Audience:
    """Who receives the answer; raises NotAllowed naming the missing level and who grants it."""
    check_level(command, request.asker)
    if command.shows is Shows.PEOPLE and not per_person:
        raise NotAllowed(PER_PERSON_OFF, THE_OWNER)
    outside = request.place.kind is PlaceKind.SHARED
    if outside and command.shows in {Shows.PEOPLE, Shows.AUDIT}:
        raise NotAllowed() if command.shows is Shows.AUDIT else NotAllowed(INSIDE, "")
    private = request.query.has("private") or command.shows is not Shows.AGGREGATES
    return Audience.ASKER if private or outside else Audience.HERE


def check_level(command: Command, asker: Asker) -> None:
    """Raises NotAllowed without one of the command's levels; a look-up is refused like what is not there."""
    if not asker.levels:
        raise NotAllowed(Level.MEMBER, "")
    if not command.levels & asker.levels:
        hidden = command.shows is Shows.AUDIT
        raise NotAllowed() if hidden else NotAllowed(command.level, granted_by(command.level))
