"""`digest --due` as a process of its own that kills itself at a named step of the code.

`killable_digest.py STEP COUNT`: at the COUNT-th time that STEP is written, SIGKILL. Settings come from the
environment, as for the command itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path

from bot.app import digesting
from bot.app.logs import log_warnings
from bot.state.deliveries import Delivery

log_warnings()
STEP, COUNT = sys.argv[1], int(sys.argv[2])
REACHED: Counter[str] = Counter()


def on_step(delivery: Delivery) -> None:
    REACHED[delivery.step.value] += 1
    if delivery.step.value == STEP and REACHED[STEP] == COUNT:
        os.kill(os.getpid(), signal.SIGKILL)


arguments = argparse.Namespace(
    preview=False, due=True, demo=False, fresh=False, who=None, format="text", out=Path("pulse-out")
)
sys.exit(asyncio.run(digesting.digest(arguments, on_step)))
