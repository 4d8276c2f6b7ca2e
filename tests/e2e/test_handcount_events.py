from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import handcount_events


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_figure_of_the_audit_log_agrees_with_a_count_of_the_raw_files(tmp_path: Path) -> None:
    with handcount_events.reference_server() as server:
        assert handcount_events.compare(server, tmp_path) == []
