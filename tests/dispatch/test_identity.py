from __future__ import annotations

import pytest

from bot.dispatch.identity import Access
from bot.dispatch.policy import Identity
from bot.settings import Policy

CODEX_IDS = {"ana@x.example": "user-ana"}
CHATS = {"U0ANA": "ana@x.example", "U0GONE": "gone@x.example"}


async def codex_id_of(email: str) -> str | None:
    return CODEX_IDS.get(email)


@pytest.mark.parametrize(
    ("identity", "linked"),
    [
        (Identity("U1", "ana@x.example"), "user-ana"),
        (Identity("U0ANA"), "user-ana"),
        (Identity("U0ANA", "private.ana@home.example"), "user-ana"),
        (Identity("U0GONE"), None),
        (Identity("U1"), None),
        (Identity("U0ANA", "ana@x.example", guest=True), None),
    ],
)
async def test_a_chat_account_is_linked_by_its_address_or_by_the_directory(
    identity: Identity, linked: str | None
) -> None:
    access = Access(Policy(), (), codex_id_of, CHATS.get)
    assert (await access.asker(identity)).codex_user_id == linked


async def test_the_directory_gives_no_level() -> None:
    access = Access(Policy(analyst=("ana@x.example",)), (), codex_id_of, CHATS.get)
    assert (await access.asker(Identity("U0ANA"))).levels == (await access.asker(Identity("U1"))).levels
