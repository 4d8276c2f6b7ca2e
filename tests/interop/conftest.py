"""Other engines on the lake. Collected where `make interop` has installed them."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("pyspark") else ["test_spark.py"]
