"""The tables' history, shipped in the package and applied at every start."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

# The newest version; a test compares it with the modules.
HEAD = "v0005"


def upgrade(connection: Connection) -> None:
    """Bring the database behind `connection` to the newest version, inside its transaction."""
    if _held(connection) == HEAD:
        return
    # Alembic takes a third of a second to import, which every answer typed at a terminal would wait for.
    from alembic import command  # noqa: PLC0415 - only when there is something to do
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _held(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
