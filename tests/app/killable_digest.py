"""`digest --due` as a process of its own that kills itself at a named step of the code.

Processes are forked from one that has imported everything: a process a case, the imports once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.__main__ import main
from bot.app import digesting
from bot.state.deliveries import Delivery

# the second and third are imported when the first digest is drawn and counted
PRELOADED = [__name__, "charts.digest_chart", "pandas"]


def start(settings: Mapping[str, str], said: Path, step: str, count: int) -> ForkServerProcess:
    """`digest --due` under these settings, its output in `said`.

    At the `count`-th time that `step` is written, it kills itself with SIGKILL.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=digest_due, args=(dict(settings), said, step, count))
    process.start()
    return process


def digest_due(settings: dict[str, str], said: Path, step: str, count: int) -> None:
    """What the process does: the command line itself, with eyes on the steps."""
    reached: Counter[str] = Counter()

    def on_step(delivery: Delivery) -> None:
        reached[delivery.step.value] += 1
        if delivery.step.value == step and reached[step] == count:
            os.kill(os.getpid(), signal.SIGKILL)

    with said.open("w") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ.update(settings)
    vars(digesting)["digest"] = partial(digesting.digest, on_step=on_step)
    sys.exit(main(["digest", "--due"]))
