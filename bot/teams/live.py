"""The outbox that reaches Teams: token, pace, and the retries that Teams asks for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from bot.model.chat import PlaceKind
from bot.teams.limits import LONGEST_WAIT_SECONDS, SEND_TRIES
from bot.teams.outbox import Body, NotSentError, RefusedByTeamsError, UnconfirmedError
from bot.teams.pace import Pace, Sleep
from bot.teams.ports import Address

BotToken = Callable[[], Awaitable[str]]

_OK = range(200, 300)
# Teams asks for another try: a conflict, a limit, or a gateway that did not reach the service.
_RETRIED = frozenset({412, 429, 502, 504})
_SERVER_FAULTS = 500
_BACKOFF = wait_random_exponential(multiplier=1, max=20)


class _TryAgain(Exception):
    """A status that Teams asks to retry."""

    def __init__(self, status: int, code: str, wait_seconds: float | None) -> None:
        super().__init__(status)
        self.status = status
        self.code = code
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    url: str
    body: Body | None = None


class LiveOutbox:
    """The outbox that reaches Teams. `patient=False` leaves retries to the caller."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: BotToken,
        app_id: str,
        pace: Pace,
        sleep: Sleep,
        *,
        patient: bool = True,
    ) -> None:
        self._session = session
        self._token = token
        self._app_id = app_id
        self._pace = pace
        self._tries = AsyncRetrying(
            retry=retry_if_exception_type(_TryAgain),
            stop=stop_after_attempt(SEND_TRIES if patient else 1),
            wait=_wait_seconds,
            sleep=sleep,
            reraise=True,
        )

    async def send(self, address: Address, activity: Body, *, is_targeted: bool = False) -> str:
        """Post an activity; at most seven a second and conversation."""
        await self._pace.turn(address.conversation_id)
        call = _Call("POST", _activities(address, is_targeted=is_targeted), activity)
        return str((await self._call(call)).get("id", ""))

    async def update(
        self, address: Address, activity_id: str, activity: Body, *, is_targeted: bool = False
    ) -> None:
        """Replace a message; of a targeted one the recipient cannot change and is left out."""
        await self._pace.turn(address.conversation_id)
        body = {key: value for key, value in activity.items() if key != "recipient"}
        await self._call(_Call("PUT", _activities(address, activity_id, is_targeted=is_targeted), body))

    async def delete(self, address: Address, activity_id: str) -> None:
        """Remove a message."""
        await self._call(_Call("DELETE", _activities(address, activity_id)))

    async def member(self, address: Address, user_id: str) -> Mapping[str, Any]:
        """Return a member; raises RefusedByTeamsError when they are not in the conversation."""
        return await self._call(_Call("GET", f"{_conversation(address)}/members/{quote(user_id, safe='')}"))

    async def personal(self, address: Address, user_id: str) -> Address:
        """Open the personal chat, or return the one that exists."""
        body: Body = {
            "bot": {"id": f"28:{self._app_id}"},
            "isGroup": False,
            "members": [{"id": user_id}],
            "tenantId": address.tenant_id,
            "channelData": {"tenant": {"id": address.tenant_id}},
        }
        made = await self._call(_Call("POST", f"{_base(address)}/v3/conversations", body))
        if not made.get("id"):
            raise UnconfirmedError("a conversation without id")
        return Address(str(made["id"]), address.service_url, PlaceKind.DM, address.tenant_id)

    async def upload(self, url: str, data: bytes) -> None:
        """Put the whole file in one piece."""
        headers = {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}"}
        try:
            async with self._session.put(url, data=data, headers=headers, allow_redirects=False) as response:
                if response.status not in _OK:
                    raise RefusedByTeamsError(response.status, "upload")
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            raise UnconfirmedError("upload") from broken

    async def _call(self, call: _Call) -> Mapping[str, Any]:
        try:
            return await self._tries(self._once, call)
        except _TryAgain as last:
            if last.status in {412, 429}:
                raise NotSentError(f"{last.status} {last.code}", last.wait_seconds) from None
            raise UnconfirmedError(str(last.status)) from None

    async def _once(self, call: _Call) -> Mapping[str, Any]:
        token = await self._token()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            # Redirects would carry the token elsewhere.
            async with self._session.request(
                call.method, call.url, json=call.body, headers=headers, allow_redirects=False
            ) as response:
                return _judged(
                    response.status, response.headers.get("Retry-After", ""), await response.read()
                )
        except aiohttp.ClientConnectorError as unreached:
            raise NotSentError("unreachable") from unreached
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            raise UnconfirmedError(call.method) from broken


def _judged(status: int, retry_after: str, raw: bytes) -> Mapping[str, Any]:
    body = _document(raw)
    if status in _OK:
        return body
    error = body.get("error")
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    if status in _RETRIED:
        raise _TryAgain(status, code, _seconds(retry_after))
    if status >= _SERVER_FAULTS:
        raise UnconfirmedError(str(status))
    raise RefusedByTeamsError(status, code[:80])


def _document(raw: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _seconds(retry_after: str) -> float | None:
    text = retry_after.strip()
    return float(text) if text.isascii() and text.isdecimal() else None


def _wait_seconds(state: RetryCallState) -> float:
    """`Retry-After` and a little more, a minute at most; else longer from try to try."""
    error = state.outcome.exception() if state.outcome else None
    jittered = _BACKOFF(state)
    if isinstance(error, _TryAgain) and error.wait_seconds is not None:
        return min(error.wait_seconds, LONGEST_WAIT_SECONDS) + min(jittered, 1.0)
    return jittered


def _base(address: Address) -> str:
    return address.service_url.rstrip("/")


def _conversation(address: Address) -> str:
    return f"{_base(address)}/v3/conversations/{quote(address.conversation_id, safe='')}"


def _activities(address: Address, activity_id: str = "", *, is_targeted: bool = False) -> str:
    item = f"/{quote(activity_id, safe='')}" if activity_id else ""
    return f"{_conversation(address)}/activities{item}{'?isTargetedActivity=true' if is_targeted else ''}"
