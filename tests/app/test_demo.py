"""What of an installation's settings the demo keeps."""

from __future__ import annotations

from pathlib import Path

from bot import reference
from bot.app.demo import demo_people, demo_settings
from bot.model.chat import Level
from bot.settings import Policy, Settings


def test_the_demo_keeps_what_answers_may_name_and_has_its_own_people(tmp_path: Path) -> None:
    policy = Policy(per_person=False, models_allowed=("gpt-5.5",), analyst=("somebody@example.com",))
    server = reference.Running("http://127.0.0.1:1/v1", "w", "a", "c", "http://127.0.0.1:2", None)
    demo = demo_settings(Settings(policy=policy, seats=300), server, tmp_path).policy
    assert (demo.per_person, demo.models_allowed) == (False, ("gpt-5.5",))
    assert demo.members_of(Level.ANALYST) != policy.members_of(Level.ANALYST)
    assert len(demo.members_of(Level.ANALYST)) == 1
    assert set(demo_people()) >= {"member", "analyst", "admin"}
