from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import handcount


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_figure_agrees_with_a_count_of_the_raw_pages(tmp_path: Path) -> None:
    with handcount.reference_server() as server:
        wrong, answers = handcount.compare(server, tmp_path)
    assert wrong == []
    assert answers >= 36
