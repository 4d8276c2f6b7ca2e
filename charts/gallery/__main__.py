"""`python -m charts.gallery` writes the gallery into `pulse-out/gallery` and prints the page's path."""

from __future__ import annotations

import sys
from pathlib import Path

from charts.gallery.page import render

sys.stdout.write(f"{render(Path('pulse-out') / 'gallery')}\n")
