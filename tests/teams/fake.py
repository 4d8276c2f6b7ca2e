"""Teams' service and its key server on this machine, and activities as Teams sends them."""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

APP_ID = "0f0e0d0c-0000-4000-8000-00000000abcd"
TENANT_ID = "11111111-2222-4333-8444-555555555555"
ISSUER = "https://api.botframework.com"
BOT = f"28:{APP_ID}"
ADA = "29:ada"
ADA_OBJECT_ID = "aaaaaaaa-0000-4000-8000-000000000001"
CHANNEL = "19:general@thread.tacv2"
GROUP = "19:group@thread.v2"
CHAT = "a:chat-with-ada"
KINDS = {CHANNEL: "channel", GROUP: "groupChat", CHAT: "personal"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Sent:
    """One call of the bot."""

    method: str
    path: str
    is_targeted: bool
    authorization: str
    body: Any


@dataclass
class FakeTeams:
    """The connector. `failing`: (status, headers, error code) answered before anything is done."""

    calls: list[Sent] = field(default_factory=list)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    failing: deque[tuple[int, dict[str, str], str]] = field(default_factory=deque)
    refusing_targeted: bool = False
    refusing_chats: bool = False
    uploads: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    keys_asked: int = 0
    keys_status: int = 200
    endorsements: list[str] | None = field(default_factory=lambda: ["azurebot-test", "msteams"])
    tokens_asked: list[dict[str, str]] = field(default_factory=list)
    token_answer: tuple[int, Any] = (200, {"access_token": "a-bot-token", "expires_in": 3600})
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self.members[ADA] = {
            "id": ADA,
            "aadObjectId": ADA_OBJECT_ID,
            "email": "Ada@Example.com",
            "tenantId": TENANT_ID,
            "userRole": "user",
        }
        app = web.Application(client_max_size=10**8)
        app.router.add_get("/metadata", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_put("/upload", self._upload)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_route("*", "/v3/{rest:.*}", self._v3)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def posts(self) -> list[Sent]:
        """Messages that were accepted."""
        return [call for call in self.calls if call.method == "POST" and call.path.endswith("/activities")]

    async def _v3(self, request: web.Request) -> web.Response:
        if self.failing:
            status, headers, code = self.failing.popleft()
            return web.json_response({"error": {"code": code}}, status=status, headers=headers)
        path = request.match_info["rest"]
        if "/members/" in path and request.method == "GET":
            return self._member(path.rpartition("/")[2])
        is_targeted = request.query.get("isTargetedActivity") == "true"
        if is_targeted and self.refusing_targeted:
            return web.json_response({"error": {"code": "BotNotInConversationRoster"}}, status=403)
        if path == "conversations" and self.refusing_chats:
            return web.json_response({"error": {"code": "Forbidden"}}, status=403)
        body = json.loads(await request.read() or b"null")
        authorization = request.headers.get("Authorization", "")
        self.calls.append(Sent(request.method, path, is_targeted, authorization, body))
        made = CHAT if path == "conversations" else f"m{len(self.calls)}"
        return web.json_response({"id": made})

    async def _upload(self, request: web.Request) -> web.Response:
        self.uploads.append((dict(request.headers), await request.read()))
        return web.json_response({"id": "drive-item"}, status=201)

    def _member(self, user_id: str) -> web.Response:
        """Found by Teams' own id and by the Entra object id."""
        by_object_id = {str(member.get("aadObjectId")): member for member in self.members.values()}
        member = self.members.get(user_id) or by_object_id.get(user_id)
        return web.json_response(member) if member else web.Response(status=404)

    async def _token(self, request: web.Request) -> web.Response:
        asked = {name: str(value) for name, value in (await request.post()).items()}
        self.tokens_asked.append({"tenant": request.match_info["tenant"], **asked})
        status, told = self.token_answer
        return web.json_response(told, status=status)

    async def _metadata(self, _request: web.Request) -> web.Response:
        self.keys_asked += 1
        return web.json_response({"jwks_uri": f"{self.url}/keys"}, status=self.keys_status)

    async def _keys(self, _request: web.Request) -> web.Response:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        endorsed = {} if self.endorsements is None else {"endorsements": self.endorsements}
        return web.json_response({"keys": [{**public, "kid": "k1", "use": "sig", **endorsed}]})


def token(service_url: str, key: rsa.RSAPrivateKey = KEY, kid: str = "k1", **claims: Any) -> str:
    """What Teams puts into the Authorization header."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": APP_ID,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "serviceurl": service_url,
    }
    told = {name: value for name, value in {**good, **claims}.items() if value is not None}
    return jwt.encode(told, key, algorithm="RS256", headers={"kid": kid})


def activity(service_url: str, conversation: str = CHAT, **more: Any) -> dict[str, Any]:
    """A message of Ada; `more` replaces and adds fields."""
    return {
        "type": "message",
        "id": "1700000000001",
        "timestamp": "2026-10-21T15:00:00Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": ADA, "name": "Ada Lovelace", "aadObjectId": ADA_OBJECT_ID},
        "recipient": {"id": BOT, "name": "Codex Pulse"},
        "conversation": {
            "id": conversation,
            "conversationType": KINDS[conversation.partition(";")[0]],
            "tenantId": TENANT_ID,
        },
        "channelData": {"tenant": {"id": TENANT_ID}},
        "text": "usage 30d",
        "textFormat": "plain",
        **more,
    }


def mention(service_url: str, text: str, conversation: str = CHANNEL, **more: Any) -> dict[str, Any]:
    """A message that mentions the bot in front of `text`."""
    tag = "<at>Codex Pulse</at>"
    entity = {"type": "mention", "mentioned": {"id": BOT, "name": "Codex Pulse"}, "text": tag}
    thread = f"{conversation};messageid=1700000000000" if conversation == CHANNEL else conversation
    return activity(service_url, thread, text=f"{tag} {text}\n", entities=[entity], **more)


def click(service_url: str, data: object, conversation: str = CHAT, **more: Any) -> dict[str, Any]:
    """A click on a button of type Action.Execute."""
    value = {"action": {"type": "Action.Execute", "id": "pulse.0.r7", "verb": "pulse", "data": data}}
    made = activity(service_url, conversation, name="adaptiveCard/action", value=value, **more)
    del made["text"]
    return {**made, "type": "invoke"}
