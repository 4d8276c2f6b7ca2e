"""What else happens in the demo workspace, on fixed days of every month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from bot.reference.catalogue import RARE
from bot.reference.chance import digest, fraction
from bot.reference.environments import Environment, environments_of
from bot.reference.records import SECOND, Record, Scribe, redacted
from bot.reference.tokens import Token, write_tokens

_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE
_SIGN_INS = 12
Chapter = Callable[[Scribe], None]


def write_story(scribe: Scribe, tokens: tuple[Token, ...]) -> None:
    """Add the records of a day that are not ordinary work."""
    day = date.fromordinal(scribe.ordinal)
    write_tokens(scribe, tokens, day)
    for chapter in _CHAPTERS.get(day.day, ()):
        chapter(scribe)
    _sign_ins(scribe)


def _as(scribe: Scribe, role: str) -> Record:
    return scribe.user(scribe.people.index_of_role(role))


def _month_id(scribe: Scribe, name: str) -> str:
    day = date.fromordinal(scribe.ordinal)
    return f"{name}-{digest(name, scribe.people.seed, day.year, day.month)[:12]}"


def _scan_configured(scribe: Scribe) -> None:
    notifications = {f"notification_rules_{what}_count": 0 for what in ("created", "updated", "deleted")}
    fields = {
        "scan_type": "repository",
        "owner_id": scribe.people.user_ids[scribe.people.index_of_role("admin")],
        "workspace_id": scribe.workspace_id,
        "repo_id": "repo-billing",
        "repo_url": "https://github.com/northwind/billing",
        "environment_id": _environment(scribe).environment_id,
        "state": "enabled",
        "lookback_days": 30,
        **notifications,
    }
    configuration = {"scan_configuration_id": _month_id(scribe, "scan"), "scan_configuration_fields": fields}
    scribe.security(8 * _HOUR, _as(scribe, "admin"), "SCAN_CONFIGURATION_CREATED", **configuration)
    changes = {"state": "enabled", "lookback_days": 60, "project_overview_updated": True}
    scribe.security(
        9 * _HOUR, _as(scribe, "admin"), "SCAN_CONFIGURATION_UPDATED", **configuration, updated_fields=changes
    )


def _finding_updated(scribe: Scribe) -> None:
    changes = {
        "status": "confirmed",
        "criticality": "high",
        "assignee_user_email": scribe.people.email(scribe.people.index_of_role("investigator")),
        "criticality_reason_updated": True,
    }
    finding = _month_id(scribe, "finding")
    scribe.security(
        10 * _HOUR,
        _as(scribe, "approver"),
        "SCAN_FINDING_UPDATED",
        finding_id=finding,
        updated_fields=changes,
    )


def _patch_opened(scribe: Scribe, *, with_url: bool) -> None:
    url = f"https://github.com/northwind/billing/pull/{scribe.ordinal % 1000}" if with_url else None
    finding = _month_id(scribe, "finding")
    scribe.security(
        11 * _HOUR, _as(scribe, "investigator"), "PROPOSED_PATCH_PR_CREATED", finding_id=finding, pr_url=url
    )


def _plugin(scribe: Scribe, sub_type: str, role: str) -> None:
    scribe.codex(
        13 * _HOUR + len(role) * _MINUTE,
        _as(scribe, role),
        sub_type,
        "CODEX_DESKTOP_APP",
        plugin_id=_month_id(scribe, "plugin"),
        plugin_release_id=_month_id(scribe, "release"),
        plugin_version="1.4.0",
        plugin_name="ticket-helper",
        plugin_display_name="Ticket helper <!here>",
        marketplace_name="northwind",
        plugin_scope="WORKSPACE",
        plugin_creator_account_user_id=scribe.people.user_ids[scribe.people.index_of_role("admin")],
    )


def _personal_token(scribe: Scribe, action: str, role: str) -> None:
    owner = scribe.people.index_of_role("member")
    revoked = action.endswith("REVOKE")
    noon = datetime.fromordinal(scribe.ordinal).replace(hour=12, tzinfo=UTC)
    more: dict[str, Any] = {"revoked_at": int(noon.timestamp()), "state_changed": True} if revoked else {}
    scribe.audit(
        12 * _HOUR,
        _as(scribe, role),
        action,
        admin=role == "admin",
        credential_id=_month_id(scribe, "pat"),
        credential_type="PERSONAL_ACCESS_TOKEN",
        credential_name="laptop",
        owner_user_id=scribe.people.user_ids[owner],
        workspace_id=scribe.workspace_id,
        expires_at=None,
        scopes=["codex.run"],
        **more,
    )


def _environment(scribe: Scribe) -> Environment:
    return environments_of(scribe.people)[0]


def _network_opened(scribe: Scribe) -> None:
    """Open an environment to the network in the evening."""
    environment = _environment(scribe)
    fields = {
        "label": environment.label,
        "description": "Builds and tests of billing",
        "repos": ["github:northwind/billing"],
        "cache_settings": {"enabled": True},
        "agent_settings": {"network_access": "on", "allowed_domains": ["*"], "allowed_methods": "all"},
        "permissions": {"share_settings": "workspace"},
        "env_var_keys": ["APP_ENV", "SERVICE_TOKEN"],
    }
    actor = scribe.user(scribe.people.night_owl)
    scribe.codex(
        19 * _HOUR + 7 * _MINUTE,
        actor,
        "ENVIRONMENT_UPDATED",
        "CODEX_WEB",
        environment_id=environment.environment_id,
        environment_fields=fields,
    )


def _workspace_opened(scribe: Scribe) -> None:
    scribe.codex(
        9 * _HOUR + 30 * _MINUTE,
        _as(scribe, "admin"),
        "WORKSPACE_UPDATED",
        "CODEX_WEB",
        previous_settings={"network_access": "off", "default_model": "gpt-5.4"},
        current_settings={"network_access": "on", "default_model": "gpt-5.5"},
    )


def _site_deployed(scribe: Scribe) -> None:
    site = {"project_id": _month_id(scribe, "site"), "version_id": "v-1"}
    deployment = {**site, "deployment_id": _month_id(scribe, "deployment"), "environment_revision": "r-1"}
    actor = _as(scribe, "member")
    steps: tuple[tuple[str, Record], ...] = (
        ("SITE_PROJECT_CREATED", {"project_id": site["project_id"], "slug": "status-page"}),
        ("SITE_VERSION_CREATED", {**site, "version_number": 1}),
        ("SITE_DEPLOYMENT_STARTED", deployment),
        (
            "SITE_DEPLOYMENT_COMPLETED",
            {**deployment, "status": "success", "site_url": "https://status.example"},
        ),
    )
    for minute, (sub_type, details) in enumerate(steps):
        scribe.codex(14 * _HOUR + minute * _MINUTE, actor, sub_type, "CODEX_WEB", **details)


def _future_event(scribe: Scribe) -> None:
    """Add a sub-type that no documentation knows yet."""
    scribe.codex(
        15 * _HOUR,
        _as(scribe, "member"),
        "HOLOGRAM_PROJECTED",
        scribe.clients[RARE],
        beams=3,
        colours=["teal"],
    )


def _foreign_pulls(scribe: Scribe) -> None:
    """List and download log files at night with a key that is not ours."""
    key = "sk-admin-" + digest("foreign key", scribe.people.seed)[:32]
    actor = {"type": "API_KEY", "redacted_id": redacted(key)}
    at = 3 * _HOUR + 12 * _MINUTE + 481_516
    scribe.audit(at, actor, "LIST_WORKSPACE_LOG_FILES", admin=True, event_type=["CODEX_LOG"], limit=100)
    for number in range(3):
        file_id = f"eclf_{digest('foreign', scribe.ordinal, number)[:20]}"
        at += 40 * SECOND
        scribe.audit(at, actor, "DOWNLOAD_WORKSPACE_LOG_FILE", admin=True, log_file_id=file_id)


def _sign_ins(scribe: Scribe) -> None:
    people, count = scribe.people, len(scribe.people)
    for number in range(_SIGN_INS):
        draw = fraction("sign-in", people.seed, scribe.ordinal, number)
        actor = scribe.user(int(draw * count))
        at = int((6 + 10 * fraction("hour", draw)) * _HOUR)
        scribe.auth(at, actor, "LOGIN_SUCCEEDED", method="sso")


_CHAPTERS: dict[int, tuple[Chapter, ...]] = {
    3: (_scan_configured,),
    4: tuple(
        partial(_plugin, sub_type=sub_type, role=role)
        for sub_type, role in (
            ("PLUGIN_CREATED", "admin"),
            ("PLUGIN_INSTALLED", "analyst"),
            ("PLUGIN_INSTALLED", "investigator"),
        )
    ),
    6: (partial(_personal_token, action="PERSONAL_ACCESS_TOKEN_CREATE", role="member"),),
    7: (_site_deployed,),
    9: (_future_event,),
    10: (_foreign_pulls,),
    11: (_finding_updated,),
    12: (partial(_patch_opened, with_url=True),),
    14: (partial(_patch_opened, with_url=False),),
    16: (_network_opened,),
    17: (_workspace_opened,),
    19: (partial(_personal_token, action="PERSONAL_ACCESS_TOKEN_REVOKE", role="admin"), _foreign_pulls),
    20: (partial(_plugin, sub_type="PLUGIN_UNINSTALLED", role="analyst"),),
}
