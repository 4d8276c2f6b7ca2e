"""A figure as a small PNG."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

# The octree's cells round white down; a picture on a white page must not have an edge.
_NEARLY_WHITE, _WHITE = 252, 255


def png(figure: Figure) -> bytes:
    """Return the picture as PNG bytes with a palette of 256 colours: under 150 KB, as wide as the figure."""
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    small = image.quantize(colors=256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = small.getpalette() or []
    small.putpalette([_WHITE if value >= _NEARLY_WHITE else value for value in palette])
    out = BytesIO()
    small.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
