"""Median time to decode pre-rendered pages of 1,000 typed rows."""

from __future__ import annotations

import json
import statistics
import time

from bot.analytics.api.pages import PageDecoder
from bot.analytics.api.wire import UsageRow
from bot.http.fetch import Body

ROWS_PER_PAGE = 1000
PAGE_COUNT = 20
ROUNDS = 5
CLIENTS = ("CODEX_CLI", "CODEX_IDE_VSCODE", "CODEX_WEB")
MODELS = (("gpt-5.5", "standard"), ("gpt-5.5", "fast"), ("other", None))


def usage(number: int) -> dict[str, float | int | None]:
    tokens = {
        "uncached_text_input_tokens": 41_200 + number,
        "cached_text_input_tokens": 118_800 + number,
        "text_output_tokens": 9_400,
        "text_total_tokens": 169_400 + 2 * number,
    }
    return {"credits": 18.75 + number, "cost_usd": None, "estimated_cost_usd": 0.75} | tokens


def row(number: int) -> dict[str, object]:
    acts = {"threads": 6, "turns": 31}
    person = f"user-{number:012}"
    return {
        "object": "workspace.codex.usage.result",
        "start_time": 1789344000,
        "end_time": 1789430400,
        "user_id": person,
        "actor": {"type": "ACCOUNT_USER", "user_id": person, "email": f"p{number}@northwind.example"},
        "totals": acts | usage(number),
        "clients": [{"client_id": name} | acts | usage(number) for name in CLIENTS],
        "models": [{"model": model, "speed": speed} | usage(number) for model, speed in MODELS],
        "code_attribution": None,
    }


def rendered_pages(page_count: int = PAGE_COUNT, rows_per_page: int = ROWS_PER_PAGE) -> list[bytes]:
    """Bodies as the API sends them; every row differs."""
    starts = range(0, page_count * rows_per_page, rows_per_page)
    return [
        json.dumps(
            {
                "object": "page",
                "data": [row(start + n) for n in range(rows_per_page)],
                "has_more": False,
                "next_page": None,
            }
        ).encode()
        for start in starts
    ]


def median_milliseconds(pages: list[bytes], rounds: int = ROUNDS) -> float:
    """Typed decode only: no fetch, no hash, no row-by-row fallback."""
    decoder = PageDecoder(UsageRow)
    times = []
    for body in pages * rounds:
        started = time.perf_counter()
        decoder.decode(body)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def main() -> None:
    pages = rendered_pages()
    page = PageDecoder(UsageRow).page(Body(pages[0], 0.0), number=1)
    if len(page.rows) != ROWS_PER_PAGE or page.bad:
        message = "the benchmark's own pages do not decode"
        raise SystemExit(message)
    size = page.byte_count / 1e6
    print(f"typed decode: {median_milliseconds(pages):.2f} ms a page of {ROWS_PER_PAGE} rows ({size:.2f} MB)")


if __name__ == "__main__":
    main()
