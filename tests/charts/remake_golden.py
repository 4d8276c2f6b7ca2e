"""Write the golden pictures anew. Look at each before committing it."""

from __future__ import annotations

from pathlib import Path

import charts
from charts.gallery import samples

for sample in samples():
    if sample.case == "typical":
        path = Path(__file__).parent / "golden" / f"{sample.kind}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(charts.png(sample.draw()))
