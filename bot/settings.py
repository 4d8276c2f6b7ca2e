"""Every setting of the product: environment `PULSE_*` first, then the TOML file named by `PULSE_CONFIG`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.model.chat import Level, PlaceLevel
from bot.model.errors import BadSetting

PREFIX = "PULSE_"
DEFAULT_CONFIG = "codex-pulse.toml"
_MISSPELT = 0.85
Names = Annotated[tuple[str, ...], NoDecode]


class Policy(BaseModel):
    """The `[policy]` table: who has which level, and what may be shown where. Deny by default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    analyst: tuple[str, ...] = Field((), description="E-mails, user ids or user-group ids with level analyst")
    admin: tuple[str, ...] = Field((), description="The same for admin")
    investigator: tuple[str, ...] = Field((), description="The same for the grant investigator")
    approver: tuple[str, ...] = Field((), description="The same for the grant approver")
    channels: dict[str, PlaceLevel] = Field({}, description="What may be shown in a channel, by channel id")
    roles: dict[str, Level] = Field({}, description="Workspace role to level, e.g. analytics-viewer")
    per_person: bool = Field(default=True, description="False removes rankings and names everywhere")
    models_allowed: tuple[str, ...] = Field((), description="Models the audit report does not flag")

    def members_of(self, level: Level) -> tuple[str, ...]:
        """The names listed for `level`, as written; everybody is a member."""
        listed: dict[Level, tuple[str, ...]] = {
            Level.ANALYST: self.analyst,
            Level.ADMIN: self.admin,
            Level.INVESTIGATOR: self.investigator,
            Level.APPROVER: self.approver,
        }
        return listed.get(level, ())


class Settings(BaseSettings):
    """All settings with their defaults. Read once, in the wiring."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    workspace_id: str = Field("", description="The ChatGPT workspace id (a UUID, from the admin page)")
    analytics_api_key: SecretStr = Field(
        SecretStr(""), description="Key with `codex.enterprise.analytics.read`"
    )
    compliance_api_key: SecretStr = Field(
        SecretStr(""),
        description="Key with the compliance log scopes; without it the audit-log commands are off",
    )
    api_base_url: str = Field("https://api.chatgpt.com/v1", description="Base of both APIs")
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack bot token, `xoxb-`")
    slack_app_token: SecretStr = Field(SecretStr(""), description="Slack app token, `xapp-`: Socket Mode")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Slack signing secret: HTTP mode")
    slack_api_base_url: str = Field("https://slack.com/api/", description="Base of Slack's Web API")
    native_charts: bool = Field(
        default=False, description="Slack draws what fits its own charts; else, and by default, pictures"
    )
    teams_app_id: str = Field(
        "",
        pattern=r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$",
        description="Teams: the bot's app id",
    )
    teams_app_password: SecretStr = Field(SecretStr(""), description="Teams: the client secret of the app")
    teams_tenant_id: str = Field("", description="Teams: the organisation's tenant id; others are guests")
    teams_images: Literal["data", "link"] = Field(
        "data", description="Teams: charts inside the card, or as signed links under the public URL"
    )
    teams_link_hours: int = Field(
        24, ge=1, le=720, description="Teams: hours after which a link to a file ends"
    )
    teams_unauthenticated: bool = Field(
        default=False, description="Teams: no sign-in, for local tools on loopback without an app id"
    )
    teams_openid_metadata_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Teams: where the keys are named that requests are signed with",
    )
    teams_login_url: str = Field(
        "https://login.microsoftonline.com", description="Teams: where the bot signs in"
    )
    teams_token_issuer: str = Field("https://api.botframework.com", description="Teams: who signs requests")
    links_dir: Path = Field(
        Path("data/links"), description="Folder of what is behind links; shared by replicas"
    )
    public_url: str = Field(
        "",
        pattern=r"^(https://[^\s/]+(/\S*)?|http://(localhost|127\.0\.0\.1)(:\d+)?/?)?$",
        description="The bot's address on the internet, https; Teams and linked files need it",
    )
    command: str = Field("/codex", pattern=r"^/[a-z0-9_-]{1,31}$", description="The slash command")
    lake_url: str = Field("data/lake", description="Folder of the history: a path or file:// URL")
    state_url: str = Field(
        "sqlite+aiosqlite:///data/state.db", description="State database, SQLite or postgresql+asyncpg://"
    )
    engine_url: str = Field("duckdb://", description="Query engine of the lake")
    http_host: str = Field("127.0.0.1", description="Address the bot listens on")
    http_port: int = Field(8080, ge=0, le=65535, description="Port the bot listens on")
    timezone: str = Field("UTC", description="Zone in which schedules are told when none is named")
    week_start: Literal["monday", "sunday"] = Field("monday", description="First day of a week")
    lag_hours: int = Field(12, ge=0, le=72, description="Hours after its end until a day counts as complete")
    settle_days: int = Field(7, ge=0, le=30, description="Days after its end in which a day is pulled again")
    refresh_minutes: int = Field(
        60, ge=1, description="Oldest age of an unsettled day before it is pulled again"
    )
    sync_parallel: int = Field(8, ge=1, le=16, description="Windows fetched at the same time")
    compliance_downloads_a_minute: int = Field(
        50, ge=1, description="Log files fetched a minute; OpenAI allows 50 to 100 per key"
    )
    longest_days: int = Field(1096, ge=1, le=3660, description="Longest range of one question, days")
    page_limit: int = Field(1000, ge=1, le=30000, description="Rows asked for per page")
    seats: int | None = Field(None, ge=1, description="Eligible people, for the adoption rate")
    power_turns: int = Field(15, ge=1, description="Turns a week, on average, that make a power user")
    directory_file: Path | None = Field(None, description="CSV `email,team[,manager,chat_id]`")
    min_team_size: int = Field(5, ge=1, description="Smaller teams are folded into other in aggregates")
    allow_emails: bool = Field(default=False, description="Exports may hold e-mail addresses")
    security_channel: str = Field("", description="Channel id for token and environment alerts")
    trail_channel: str = Field("", description="Channel id that gets the signed head of the trail once a day")
    alert_channel: str = Field(
        "", description="Channel id for alerts on unusual days; empty: where the budget was set"
    )
    retention_days: int = Field(0, ge=0, description="Days of usage history kept; 0 keeps all")
    events_retention_days: int = Field(0, ge=0, description="Days of audit metadata kept; 0 keeps all")
    usd_per_credit: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="Your contract rate: adds `at your rate`"
    )
    admins: Names = Field((), description="First admins: e-mails or user ids, separated by commas")
    secret_key: SecretStr = Field(SecretStr(""), description="32 random bytes as text: hashes and signatures")
    siem_dir: Path | None = Field(None, description="Folder that gets each new event as OCSF JSON Lines")
    demo_dir: Path = Field(Path("data/demo"), description="Folder of the demo's lake and state")
    now: AwareDatetime | None = Field(None, description="An instant that replaces the clock everywhere")
    late_grace_hours: int = Field(12, ge=0, le=48, description="A scheduled post later than this is skipped")
    correction_pct: float = Field(
        5.0, ge=0, allow_inf_nan=False, description="A posted digest is edited when late data moves it so far"
    )
    answer_expires_minutes: int = Field(60, ge=1, description="Look-up answers are deleted after this")
    policy: Policy = Field(Policy(), description="The `[policy]` table of the TOML file")

    @field_validator("admins", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = f"{value!r} is no IANA time zone, e.g. Europe/Berlin"
            raise ValueError(message) from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_path())

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """All settings; raises BadSetting naming the first one that cannot be used."""
        named = os.environ.get(PREFIX + "CONFIG")
        if named and not Path(named).is_file():
            raise BadSetting(
                f"PULSE_CONFIG names {named}, which is not a file.", "Correct the path or unset it."
            )
        _refuse_misspelt(name.removeprefix(PREFIX) for name in os.environ if name.startswith(PREFIX))
        try:
            return cls(**overrides)  # type: ignore[arg-type]  # pydantic checks them
        except ValidationError as error:
            raise _bad_setting(error) from None
        except ValueError as error:
            raise BadSetting(f"{config_path()} is not valid TOML: {error}", "Correct the file.") from None

    def clock(self) -> datetime:
        """The instant of now, in UTC: `PULSE_NOW` where set."""
        return self.now.astimezone(UTC) if self.now else datetime.now(UTC)


def config_path() -> Path:
    """The TOML file that is read when it exists."""
    return Path(os.environ.get(PREFIX + "CONFIG") or DEFAULT_CONFIG)


def _refuse_misspelt(names: Iterable[str]) -> None:
    """Names close to a setting are typing errors; others under the prefix belong to other programs."""
    known = {"CONFIG", *(name.upper() for name in Settings.model_fields)}
    for name in sorted(set(names) - known):
        if meant := get_close_matches(name, known, n=1, cutoff=_MISSPELT):
            raise BadSetting(
                f"{PREFIX}{name}: there is no such setting.",
                f"Did you mean {PREFIX}{meant[0]}? Correct the name.",
            )


def _bad_setting(error: ValidationError) -> BadSetting:
    first = error.errors(include_input=False, include_url=False)[0]
    where = [str(part) for part in first["loc"]]
    name = PREFIX + where[0].upper() if len(where) == 1 else ".".join(where)
    reason = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        reason = "there is no such setting"
    if first["type"] == "tuple_type":
        reason = 'a list is needed, such as ["ana@example.com"]'
    return BadSetting(f"{name}: {reason}.", f"Correct {name} in the environment or in {config_path()}.")
