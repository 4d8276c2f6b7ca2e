from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.events.counts import Pull
from bot.metrics.events.security import Notable, foreign_pulls, openings, shortened
from bot.metrics.events.tokens import Token
from bot.watch.found import Kind
from bot.watch.security_check import Seen, check_security

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
DAY = timedelta(days=1)
OLD = NOW - 20 * DAY
OURS = "sk-admin-ours-abcd"


def kinds(*tokens: Token, covered: bool = True) -> list[Kind]:
    return [one.kind for one in check_security(Seen(tokens, covered=covered), NOW, None).findings]


def event(minute: int, after: str, before: str | None = None, where: str | None = "env-1") -> Notable:
    at = NOW - timedelta(hours=1) + timedelta(minutes=minute)
    return Notable(f"e{minute}", at, "ENVIRONMENT_UPDATED", "u1", None, where, before, after, None, None)


def pull(key: str, file_id: str | None = None, at: datetime = NOW) -> Pull:
    return Pull(at, "DOWNLOAD_WORKSPACE_LOG_FILE", key, None, None, file_id)


def test_a_new_token_is_told_with_owner_and_end() -> None:
    token = Token("t1", "nightly", owner="u1", created_at=NOW - DAY, created_by="u1")
    (one,) = check_security(Seen((token,), names={"u1": "ana@x.example"}), NOW, None).findings
    assert (one.kind, one.scope) == (Kind.TOKEN_CREATED, "person:u1")
    assert "nightly of ana@x.example was created on 20 Oct 2026" in one.told.text
    assert "never expires" in one.told.text


def test_a_revoked_token_is_told_and_neither_expires_nor_is_unused() -> None:
    token = Token("t1", created_at=NOW - 60 * DAY, revoked_at=NOW - DAY, expires_at=NOW + DAY)
    assert kinds(token) == [Kind.TOKEN_REVOKED]


@pytest.mark.parametrize(
    ("days", "expected"), [(15, None), (14, "14/t1"), (4, "14/t1"), (3, "3/t1"), (0, None)]
)
def test_an_end_is_told_14_and_3_days_ahead(days: int, expected: str | None) -> None:
    token = Token("t1", created_at=OLD, expires_at=NOW + days * DAY, last_used_at=NOW)
    found = check_security(Seen((token,)), NOW, None).findings
    assert [one.key for one in found] == ([f"security_token_expiring/{expected}"] if expected else [])


@pytest.mark.parametrize(("days", "expected"), [(29, []), (30, [Kind.TOKEN_UNUSED])])
def test_a_token_is_unused_after_30_days(days: int, expected: list[Kind]) -> None:
    assert kinds(Token("t1", created_at=NOW - 90 * DAY, last_used_at=NOW - days * DAY)) == expected
    assert kinds(Token("t1", created_at=NOW - days * DAY)) == expected


def test_unread_days_are_no_proof_that_a_token_is_unused() -> None:
    token = Token("t1", created_at=NOW - 90 * DAY)
    assert kinds(token, covered=False) == []
    found = check_security(Seen((token,), covered=False), NOW, None)
    assert found.unjudged == {"security/security_token_unused"}


def test_a_network_is_opened_once_until_it_is_closed() -> None:
    story = (event(0, "on"), event(1, "on"), event(2, "off"), event(3, "on"), event(4, "all", where="env-2"))
    assert [one.event_id for one in openings(story)] == ["e0", "e3", "e4"]


@given(st.lists(st.sampled_from(["on", "off", "full", "none"]), max_size=12))
def test_openings_are_the_steps_from_closed_to_open(settings: list[str]) -> None:
    is_open = [setting in {"on", "full"} for setting in settings]
    steps = sum(now and not before for before, now in zip([False, *is_open], is_open, strict=False))
    assert len(openings(event(at, setting) for at, setting in enumerate(settings))) == steps


def test_a_setting_that_was_open_before_is_not_opened() -> None:
    assert openings((event(0, "on", before="on"),)) == ()
    assert len(openings((event(0, "on", before="off"),))) == 1


def test_pulls_by_another_key_or_of_a_file_never_listed_are_foreign() -> None:
    mine, other = shortened(OURS), "sk-***zzzz"
    pulls = (pull(mine, "f1"), pull(mine), pull(other, "f1"), pull(mine, "f9"))
    assert foreign_pulls(pulls, mine, {"f1"}) == pulls[2:]


@pytest.mark.parametrize("filler", ["...", "***", "…", "****************"])
def test_our_own_pulls_are_ours_however_the_log_shortens_a_key(filler: str) -> None:
    mine, other = f"{OURS[:3]}{filler}{OURS[-4:]}", f"{OURS[:3]}{filler}zzzz"
    pulls = (pull(mine, "f1"), pull(mine), pull(other, "f1"))
    assert foreign_pulls(pulls, shortened(OURS), {"f1"}) == pulls[2:]


def test_foreign_pulls_of_a_day_and_key_are_one_alert() -> None:
    foreign = (pull("k1", "f1"), pull("k1"), pull("k2", "f1"), pull("k1", "f1", NOW - DAY))
    found = check_security(Seen(foreign=foreign), NOW, None).findings
    assert [one.key.split("/", 1)[1] for one in found] == ["k1/2026-10-20", "k1/2026-10-21", "k2/2026-10-21"]
    assert "2 calls and 1 file" in found[1].told.text


def test_a_patch_without_a_link_is_told_too() -> None:
    one = Notable("p", NOW - DAY, "PROPOSED_PATCH_PR_CREATED", "u1", None, None, None, None, "f-1", None)
    (found,) = check_security(Seen(patches=(one,)), NOW, None).findings
    assert (found.kind, "finding f-1" in found.told.text) == (Kind.PATCH_OPENED, True)
    assert "without a link" in found.told.text


def test_events_older_than_7_days_are_not_told() -> None:
    old = Notable("p", NOW - 8 * DAY, "PROPOSED_PATCH_PR_CREATED", "u1", None, None, None, None, "f", None)
    assert check_security(Seen(patches=(old,)), NOW, None).findings == ()
