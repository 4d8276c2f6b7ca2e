from __future__ import annotations

import pytest

from bot.metrics.clients import CLIENTS, SURFACE_LABELS, Surface, client_label, surface_of
from bot.metrics.definitions import definitions, find_definition
from bot.metrics.figures import Figures, Metric, change_pct, ratio
from bot.model.chat import Unit


def test_all_43_clients_of_the_contract_have_a_name_and_a_surface() -> None:
    assert len(CLIENTS) == 43
    assert len({name for name, _ in CLIENTS.values()}) == 43
    assert sum(1 for _, surface in CLIENTS.values() if surface is Surface.IDE) == 26
    assert set(SURFACE_LABELS) == set(Surface)


def test_a_client_nobody_told_us_stays_visible_under_its_own_name() -> None:
    assert (client_label("CODEX_VSCODE"), surface_of("CODEX_VSCODE")) == ("CODEX_VSCODE", Surface.OTHER)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("MAU28", "mau28"),
        ("active users", "active_users"),
        ("Active user", "active_users"),
        ("STREAK", "streak"),
    ],
)
def test_a_definition_is_found_however_it_is_written(words: str, key: str) -> None:
    found = find_definition(words)
    assert found is not None
    assert found.key == key


def test_every_definition_says_what_it_is_and_unknown_words_have_none() -> None:
    assert all(entry.title and entry.definition and entry.unit for entry in definitions().values())
    assert find_definition("lines of code") is None


def test_every_metric_of_a_result_has_its_unit() -> None:
    assert {metric: metric.unit for metric in Metric if metric.in_micro_units} == {
        Metric.CREDITS: Unit.CREDITS,
        Metric.COST_USD: Unit.USD,
        Metric.ESTIMATED_COST_USD: Unit.ESTIMATED_USD,
    }
    assert Metric.OUTPUT_TOKENS.unit is Unit.TOKENS


def test_money_is_divided_once_and_nothing_stays_nothing() -> None:
    figures = Figures(credits=19_550_000)
    assert (figures.number(Metric.CREDITS), figures.number(Metric.COST_USD)) == (19.55, None)


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [(114, 100, 14.0), (1, 0, None), (None, 3, None), (0, 4, -100.0), (5, None, None)],
)
def test_change_needs_both_figures_and_a_base(
    now: float | None, before: float | None, change: float | None
) -> None:
    assert change_pct(now, before) == change


def test_a_ratio_without_a_whole_is_no_data() -> None:
    assert (ratio(1, 4), ratio(0, 4), ratio(1, 0), ratio(None, 4)) == (0.25, 0.0, None, None)
