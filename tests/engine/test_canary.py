"""Four Ibis calls that newer DuckDB or sqlglot releases are known to break (pins in pyproject.toml)."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

# Ibis 12 calls names that DuckDB is about to drop; they still answer, which is what the pins are for
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def backend() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def numbers() -> ibis.Table:
    return ibis.memtable(pa.table({"n": [1, 2, 3]}))


# Ibis 12 sets an option that pandas 3.1 is about to drop; nothing of ours goes through pandas
@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated")
def test_execute(backend: ibis.BaseBackend) -> None:
    assert backend.execute(numbers().n.sum()) == 6


def test_to_pyarrow_batches(backend: ibis.BaseBackend) -> None:
    assert backend.to_pyarrow_batches(numbers()).read_all()["n"].to_pylist() == [1, 2, 3]


def test_create_view_and_list_tables(backend: ibis.BaseBackend) -> None:
    backend.create_view("few", numbers())
    assert "few" in backend.list_tables()
