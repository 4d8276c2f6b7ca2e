from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.model.chat import Unit
from bot.model.errors import BadValue
from bot.model.message import Platform
from bot.state.budgets import INT64_MAX, Budget, Budgets
from bot.state.engine import StateDb


@pytest.fixture
def budget(now: datetime) -> Budget:
    return Budget(50_000_000_000, Unit.CREDITS, None, Platform.SLACK, "C1", "U1", now)


async def test_a_new_amount_replaces_the_old_one_and_returns_it(db: StateDb, budget: Budget) -> None:
    budgets = Budgets(db)
    bigger = replace(budget, amount_micro=INT64_MAX, set_by="U2")
    assert await budgets.put(budget) is None
    assert await budgets.put(bigger) == budget
    assert await budgets.all() == (bigger,)


async def test_teams_and_units_have_budgets_of_their_own(db: StateDb, budget: Budget) -> None:
    team, usd = replace(budget, team="Search"), replace(budget, unit=Unit.USD)
    for one in (team, usd, budget):
        await Budgets(db).put(one)
    assert await Budgets(db).all() == (budget, usd, team)
    assert await Budgets(db).remove("Search", Unit.CREDITS)
    assert not await Budgets(db).remove("Search", Unit.CREDITS)
    assert await Budgets(db).all() == (budget, usd)


@pytest.mark.parametrize(
    "wrong", [{"amount_micro": 0}, {"amount_micro": -1}, {"amount_micro": 2**63}, {"unit": Unit.TURNS}]
)
def test_a_budget_is_a_positive_amount_of_something_like_money(
    budget: Budget, wrong: dict[str, object]
) -> None:
    with pytest.raises(BadValue):
        replace(budget, **wrong)  # type: ignore[arg-type]
