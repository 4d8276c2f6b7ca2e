from __future__ import annotations

import pytest

from bot.engine import EngineOptions, engine_options
from bot.model.errors import BadSetting


def test_the_default_url_gives_the_default_limits() -> None:
    assert engine_options("duckdb://") == EngineOptions()


def test_limits_stand_in_the_query() -> None:
    assert engine_options("duckdb://?threads=4&memory_limit=2GB") == EngineOptions(4, "2GB")


@pytest.mark.parametrize(
    "url", ["", "spark://x", "duckdb:///a.db", "duckdb://host", "duckdb://?threads=0", "duckdb://?thread=1"]
)
def test_any_other_engine_is_refused_by_name(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        engine_options(url)
    assert "ENGINE_URL" in refused.value.message
