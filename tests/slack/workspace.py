"""The state of a small Slack workspace, and its Web API methods with Slack's refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tests.slack.blockcheck import BadBlocksError, check_message, check_view

Json = dict[str, Any]

BOT_TOKEN = "xoxb-0-fake"
APP_TOKEN = "xapp-0-fake"
SCOPES = "commands,chat:write,files:write,users:read,users:read.email,im:write"


class RefusedError(Exception):
    """A Web API answer with `ok: false`."""

    def __init__(self, error: str, *details: str) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error}
        if details:
            self.answer["errors"] = list(details)
            self.answer["response_metadata"] = {"messages": [f"[ERROR] {detail}" for detail in details]}


def _refuse(error: str, *details: str) -> NoReturn:
    raise RefusedError(error, *details)


@dataclass
class Channel:
    member: bool = True
    archived: bool = False


@dataclass
class Upload:
    name: str
    length: int
    content: bytes | None = None
    completed: bool = False
    unready_posts: int = 0
    shared_in: list[str] = field(default_factory=list)


@dataclass
class Posted:
    channel: str
    args: Json
    deleted: bool = False


@dataclass
class ResponseUrl:
    issued_at: float
    uses: int = 0
    sent: list[Json] = field(default_factory=list)


class Workspace:
    """Channels, people, files and messages; one method per Web API method."""

    def __init__(self) -> None:
        self.url = ""
        self.revoked = False
        self.scopes = SCOPES
        self.channels = {"C0000AAAA": Channel(), "C0000OUTS": Channel(member=False)}
        self.channels["C0000ARCH"] = Channel(archived=True)
        self.channels["D0000AAAA"] = Channel()
        self.people: dict[str, Json] = {"U0000AAAA": {"profile": {"email": "ada@example.com"}}}
        self.groups: dict[str, list[str]] = {"S0000AAAA": ["U0000AAAA"]}
        self.files: dict[str, Upload] = {}
        self.messages: dict[str, Posted] = {}
        self.ephemerals: list[Json] = []
        self.views: list[Json] = []
        self.triggers: dict[str, bool] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.unready_posts = 0
        self.seconds: Callable[[], float] = lambda: 0.0

    def answer(self, method: str, args: Json, token: str) -> Json:
        """What Slack answers; raises `RefusedError`."""
        handler = getattr(self, "m_" + method.replace(".", "_"), None)
        if handler is None:
            _refuse("unknown_method")
        expected = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if self.revoked:
            _refuse("token_revoked")
        if token != expected:
            _refuse("invalid_auth" if token else "not_authed")
        return {"ok": True, **handler(args)}

    # auth and people

    def m_auth_test(self, _args: Json) -> Json:
        return {
            "url": "https://fake.slack.example/",
            "team": "Fake",
            "team_id": "T0000AAAA",
            "user_id": "U0000BOTT",
            "bot_id": "B0000BOTT",
        }

    def m_apps_connections_open(self, _args: Json) -> Json:
        return {"url": self.url.replace("http", "ws", 1) + "/socket"}

    def m_users_info(self, args: Json) -> Json:
        person = self.people.get(args.get("user", ""))
        if person is None:
            _refuse("user_not_found")
        return {"user": {"id": args["user"], "team_id": "T0000AAAA", **person}}

    def m_users_lookupByEmail(self, args: Json) -> Json:  # noqa: N802 - Slack's name
        for user_id, person in self.people.items():
            if (person.get("profile") or {}).get("email") == args.get("email"):
                return {"user": {"id": user_id, "team_id": "T0000AAAA", **person}}
        _refuse("users_not_found")

    def m_usergroups_users_list(self, args: Json) -> Json:
        if args.get("usergroup") not in self.groups:
            _refuse("no_such_subteam")
        return {"users": self.groups[args["usergroup"]]}

    def m_team_info(self, _args: Json) -> Json:
        return {"team": {"id": "T0000AAAA", "name": "Fake", "domain": "fake"}}

    # conversations

    def m_conversations_open(self, args: Json) -> Json:
        return {"channel": {"id": self._dm_of(args.get("users", ""))}}

    def m_conversations_info(self, args: Json) -> Json:
        self._channel(args)
        return {"channel": {"id": args["channel"], "is_ext_shared": False}}

    def _dm_of(self, user: str) -> str:
        if user not in self.people:
            _refuse("user_not_found")
        dm = "D" + user[1:]
        self.channels.setdefault(dm, Channel())
        return dm

    def _channel(self, args: Mapping[str, Any], key: str = "channel") -> str:
        name = str(args.get(key, ""))
        if name.startswith(("U", "W")):
            return self._dm_of(name)
        if name not in self.channels:
            _refuse("channel_not_found")
        if self.channels[name].archived:
            _refuse("is_archived")
        if not self.channels[name].member:
            _refuse("not_in_channel")
        return name

    # messages

    def m_chat_postMessage(self, args: Json) -> Json:  # noqa: N802  (Slack's spelling)
        channel = self._channel(args)
        self._judge(args)
        self._files_ready(args)
        if "thread_ts" in args and args["thread_ts"] not in self.messages:
            _refuse("thread_not_found")
        ts = f"1000000000.{len(self.messages) + 1:06}"
        self.messages[ts] = Posted(channel, args)
        return {"channel": channel, "ts": ts, "message": {"text": args["text"]}}

    def m_chat_postEphemeral(self, args: Json) -> Json:  # noqa: N802  (Slack's spelling)
        self._channel(args)
        if args.get("user") not in self.people:
            _refuse("user_not_in_channel")
        self.judge_ephemeral(args)
        self.ephemerals.append(args)
        return {"message_ts": "1000000000.900000"}

    def m_chat_update(self, args: Json) -> Json:
        posted = self._posted(args, "cant_update_message")
        self._judge(args)
        self._files_ready(args)
        posted.args = {**posted.args, **args}
        return {"channel": posted.channel, "ts": args["ts"], "text": args["text"]}

    def m_chat_delete(self, args: Json) -> Json:
        posted = self._posted(args, "message_not_found")
        posted.deleted = True
        return {"channel": posted.channel, "ts": args["ts"]}

    def m_chat_getPermalink(self, args: Json) -> Json:  # noqa: N802  (Slack's spelling)
        posted = self.messages.get(str(args.get("message_ts")))
        if posted is None or posted.channel != args.get("channel"):
            _refuse("message_not_found")
        return {"permalink": f"https://fake.slack.example/archives/{posted.channel}/p{args['message_ts']}"}

    def _posted(self, args: Json, refusal: str) -> Posted:
        posted = self.messages.get(str(args.get("ts")))
        if posted is None or posted.deleted or posted.channel != args.get("channel"):
            _refuse(refusal)
        return posted

    def judge_ephemeral(self, args: Json) -> None:
        """Blocks as everywhere, and no file at all."""
        self._judge(args)
        if any(_pictures(args)):
            _refuse("invalid_blocks", "files cannot be shared in an ephemeral message")

    def _judge(self, args: Json) -> None:
        if not args.get("text") and not args.get("blocks"):
            _refuse("no_text")
        try:
            check_message(args)
        except BadBlocksError as bad:
            _refuse("invalid_blocks", str(bad))

    def _files_ready(self, args: Json) -> None:
        for file_id in _pictures(args):
            upload = self.files.get(file_id)
            if upload is None or not upload.completed or upload.unready_posts > 0:
                if upload is not None:
                    upload.unready_posts -= 1
                _refuse("invalid_blocks", "invalid slack file [json-pointer:/blocks/1/slack_file]")

    # files

    def m_files_getUploadURLExternal(self, args: Json) -> Json:  # noqa: N802  (Slack's spelling)
        if not args.get("filename") or not str(args.get("length", "")).isdigit():
            _refuse("invalid_arguments")
        file_id = f"F0PULSE{len(self.files) + 1:03}"
        self.files[file_id] = Upload(args["filename"], int(args["length"]), unready_posts=self.unready_posts)
        return {"upload_url": f"{self.url}/upload/{file_id}", "file_id": file_id}

    def m_files_completeUploadExternal(self, args: Json) -> Json:  # noqa: N802  (Slack's spelling)
        wanted = args.get("files") or []
        if not isinstance(wanted, list) or not wanted:
            _refuse("invalid_arguments")
        uploads = [self.files.get(item.get("id")) for item in wanted]
        if any(u is None or u.content is None or u.completed for u in uploads):
            _refuse("file_not_found")
        channel = self._channel(args, "channel_id") if "channel_id" in args else None
        for upload in filter(None, uploads):
            upload.completed = True
            upload.shared_in += [channel] if channel else []
        return {"files": [{"id": item["id"]} for item in wanted]}

    def m_files_delete(self, args: Json) -> Json:
        if self.files.pop(str(args.get("file")), None) is None:
            _refuse("file_not_found")
        return {}

    def receive(self, file_id: str, content: bytes) -> bool:
        """The bytes of an upload; False when it was not announced or has another length."""
        upload = self.files.get(file_id)
        if upload is None or upload.length != len(content):
            return False
        upload.content = content
        return True

    # views

    def m_views_open(self, args: Json) -> Json:
        self._use_trigger(str(args.get("trigger_id", "")))
        return self._view(args)

    def m_views_update(self, args: Json) -> Json:
        if not args.get("view_id") and not args.get("external_id"):
            _refuse("not_found")
        return self._view(args)

    def m_views_publish(self, args: Json) -> Json:
        if args.get("user_id") not in self.people:
            _refuse("invalid_arguments")
        return self._view(args)

    def _use_trigger(self, trigger: str) -> None:
        if trigger not in self.triggers:
            _refuse("invalid_trigger_id")
        if self.triggers[trigger]:
            _refuse("exchanged_trigger_id")
        self.triggers[trigger] = True

    def _view(self, args: Json) -> Json:
        try:
            check_view(args.get("view") or {})
        except BadBlocksError as bad:
            _refuse("invalid_arguments", str(bad))
        self.views.append(args["view"])
        return {"view": {"id": f"V{len(self.views):08}", **args["view"]}}

    # response_url

    def issue_response_url(self) -> str:
        """A new URL, good for 5 uses in 30 minutes."""
        key = str(len(self.response_urls) + 1)
        self.response_urls[key] = ResponseUrl(self.seconds())
        return f"{self.url}/response/{key}"

    def respond(self, key: str, body: Json) -> None:
        """One use of a response_url; raises `RefusedError`."""
        known = self.response_urls.get(key)
        if known is None:
            _refuse("no_such_url")
        if self.seconds() - known.issued_at > 30 * 60:
            _refuse("expired_url")
        known.uses += 1
        if known.uses > 5:
            _refuse("used_url")
        if not body.get("delete_original"):
            self._judge(body)
            if body.get("response_type", "ephemeral") == "ephemeral":
                self.judge_ephemeral(body)
        known.sent.append(body)


def _pictures(args: Json) -> Iterator[str]:
    for block in args.get("blocks") or []:
        if block.get("type") == "image" and "slack_file" in block:
            yield str(block["slack_file"].get("id"))


def parsed(fields: Mapping[str, Any]) -> Json:
    """Form fields as Slack reads them: blocks, files and views are JSON inside a field."""
    nested = {"blocks", "files", "view", "metadata"}
    return {k: json.loads(v) if k in nested and isinstance(v, str) else v for k, v in fields.items()}
