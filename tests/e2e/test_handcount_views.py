from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import handcount, handcount_views


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_every_figure_of_the_views_agrees_with_a_count_of_the_raw_pages(tmp_path: Path) -> None:
    with handcount.reference_server() as server:
        assert handcount_views.compare(server, tmp_path) == []
