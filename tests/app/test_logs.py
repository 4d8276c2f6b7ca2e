from __future__ import annotations

import json
import logging
import subprocess
import sys
import textwrap

import pytest

from bot.app.logs import Libraries, failures_by_place, masked

PRELUDE = """
    import asyncio, logging, warnings
    import structlog
    from bot.app.logs import log_events
    log_events()
    log = structlog.get_logger()
"""


def logged(script: str) -> str:
    """What a process writes to its log."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PRELUDE) + textwrap.dedent(script)],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.stderr


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_an_exception_is_told_by_type_and_place_not_by_its_message() -> None:
    inner = raised(ValueError("ada@example.com typed a secret"))
    event = failures_by_place(None, "error", {"event": "bug", "exc_info": raised(KeyError("sk-xyz"), inner)})
    told = event["exception"]
    assert [entry["type"] for entry in told] == ["builtins.KeyError", "builtins.ValueError"]
    assert all("test_logs.py" in entry["at"][-1] for entry in told)
    assert "ada" not in json.dumps(event)
    assert "sk-xyz" not in json.dumps(event)


def test_every_failure_of_a_group_is_told() -> None:
    group = ExceptionGroup("two", [ValueError("a"), OSError("b")])
    event = failures_by_place(None, "error", {"exc_info": group})
    kinds = [entry["type"].rpartition(".")[2] for entry in event["exception"]]
    assert kinds == ["ExceptionGroup", "ValueError", "OSError"]


@pytest.mark.parametrize(
    "secret",
    [
        "ada.lovelace+x@example.co.uk",
        "xoxb-123456-abcdef",
        "xapp-1-A1-abcdef",
        "sk-admin-abcdef123",
        "Bearer abc.def",
        "postgresql+asyncpg://pulse:hunter2@db/pulse",
        "eyJhbGciOi.eyJzdWIi.c2ln",
    ],
)
def test_what_looks_like_an_address_or_a_credential_is_masked(secret: str) -> None:
    event = masked(None, "info", {"event": "x", "said": f"failed for {secret}", "inner": {"list": [secret]}})
    assert secret not in json.dumps(event)
    assert str(event["said"]).startswith("failed for")


@pytest.mark.parametrize(
    "harmless", ["usage", "2026-10-21", "R-7K3M9QXD", "bot/app/x.py:12 run", "task-force"]
)
def test_what_is_harmless_stays(harmless: str) -> None:
    assert masked(None, "info", {"event": harmless})["event"] == harmless


def test_a_library_is_quoted_without_its_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("somebody")
    monkeypatch.setattr(logger, "handlers", [Libraries()])
    logger.error("Cannot handle (%s) of %s", {"text": "my salary"}, "ada")
    logger.error("Cannot handle: my salary")
    said = "".join(capsys.readouterr())
    assert "Cannot handle" in said
    assert "salary" not in said


def test_a_crash_and_a_forgotten_task_say_where_and_nothing_else() -> None:
    text = logged("""
        async def work():
            raise ValueError("hunter2")
        async def main():
            asyncio.get_running_loop().create_task(work())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        asyncio.run(main())
        logging.getLogger("lib").info("not this")
        warnings.warn("hunter2 is old")
        raise RuntimeError("hunter2")
    """)
    events = [json.loads(line) for line in text.splitlines()]
    assert [event["event"] for event in events] == ["library", "library", "crash"]
    assert events[0]["exception"][0]["type"] == "builtins.ValueError"
    assert events[-1]["exception"][0]["type"] == "builtins.RuntimeError"
    assert "hunter2" not in text
