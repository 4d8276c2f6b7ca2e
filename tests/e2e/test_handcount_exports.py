from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import handcount, handcount_exports


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_cell_of_every_export_agrees_with_a_count_of_the_raw_pages(tmp_path: Path) -> None:
    with handcount.reference_server() as server:
        assert handcount_exports.compare(server, tmp_path) == []
