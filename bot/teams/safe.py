"""Settings that would not be safe, or cannot work, are refused before anything listens."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.model.errors import BadSetting
from bot.teams.ports import TeamsConfig, is_loopback


def refuse_unsafe(config: TeamsConfig) -> None:
    """Raise BadSetting for what would let strangers in or send the bot's token to them."""
    if config.unauthenticated and (config.app_id or config.password):
        raise BadSetting(
            "PULSE_TEAMS_UNAUTHENTICATED is on while PULSE_TEAMS_APP_ID or PULSE_TEAMS_APP_PASSWORD is set.",
            "Unset one of them: the bot's token would go to anybody who asks for it.",
        )
    if config.unauthenticated and not is_loopback(config.http_host):
        raise BadSetting(
            f"PULSE_TEAMS_UNAUTHENTICATED is on while PULSE_HTTP_HOST is {config.http_host}.",
            "Set PULSE_HTTP_HOST=127.0.0.1, or register the bot.",
        )
    _check_links(config)
    if config.unauthenticated:
        return
    _check_addresses(config)
    wanted = {
        "PULSE_TEAMS_APP_ID": config.app_id,
        "PULSE_TEAMS_APP_PASSWORD": config.password,
        "PULSE_TEAMS_TENANT_ID": config.tenant_id,
    }
    for name, value in wanted.items():
        if not value:
            raise BadSetting(f"{name} is not set.", "See docs/teams.md for the steps of the set-up.")


def _check_links(config: TeamsConfig) -> None:
    if config.link_pictures and not config.public_url:
        raise BadSetting(
            "PULSE_TEAMS_IMAGES is link while PULSE_PUBLIC_URL is not set.",
            "Set PULSE_PUBLIC_URL to the bot's https address, or PULSE_TEAMS_IMAGES=data.",
        )


def _check_addresses(config: TeamsConfig) -> None:
    """Keys and the bot's secret travel over https; on this machine a tool may stand in."""
    addresses = {
        "PULSE_TEAMS_OPENID_METADATA_URL": config.openid_metadata_url,
        "PULSE_TEAMS_LOGIN_URL": config.login_url,
    }
    for name, url in addresses.items():
        parts = urlsplit(url)
        local = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if not local and (parts.scheme != "https" or not parts.hostname):
            raise BadSetting(f"{name} is no https address.", f"Unset {name}, or name an https address.")
