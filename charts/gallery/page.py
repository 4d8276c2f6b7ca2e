"""The gallery: every sample at full size and as a phone shows it."""

from __future__ import annotations

from html import escape
from pathlib import Path

from charts.encode import png
from charts.gallery.samples import Sample, samples

PHONE_PX = 360
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Codex Pulse charts</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem;background:#f1f4f7;color:#14202e}}
figure{{display:flex;gap:1.5rem;align-items:flex-start;margin:1rem 0 2rem;flex-wrap:wrap}}
img{{background:#fff;box-shadow:0 1px 4px #0002}}</style>
<h1>Charts</h1>
{body}
</html>
"""


def render(out: Path) -> Path:
    """Write every sample as a PNG into the folder `out` and an index.html over them; return its path."""
    out.mkdir(parents=True, exist_ok=True)
    body = "\n".join(_section(sample, _written(sample, out)) for sample in samples())
    page = out / "index.html"
    page.write_text(_PAGE.format(body=body), encoding="utf-8")
    return page


def _written(sample: Sample, out: Path) -> Path:
    path = out / f"{sample.kind}-{sample.case}.png".replace(" ", "-")
    path.write_bytes(png(sample.draw()))
    return path


def _section(sample: Sample, path: Path) -> str:
    name = escape(f"{sample.kind}: {sample.case}")
    image = f'<img src="{escape(path.name)}" alt="{name}"'
    return f'<h2>{name}</h2><figure>{image}>{image} width="{PHONE_PX}"></figure>'
