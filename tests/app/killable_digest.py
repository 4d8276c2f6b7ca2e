"""`digest --due` as a process of its own that kills itself at a named step of the code.

`killable_digest.py STEP COUNT`: at the COUNT-th time that STEP is written, SIGKILL. Settings come from the
environment, as for the command itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from functools import partial

from bot.__main__ import main
from bot.app import digesting
from bot.state.deliveries import Delivery

STEP, COUNT = sys.argv[1], int(sys.argv[2])
REACHED: Counter[str] = Counter()


def on_step(delivery: Delivery) -> None:
    REACHED[delivery.step.value] += 1
    if delivery.step.value == STEP and REACHED[STEP] == COUNT:
        os.kill(os.getpid(), signal.SIGKILL)


# the command line itself, with eyes on the steps
vars(digesting)["digest"] = partial(digesting.digest, on_step=on_step)
sys.exit(main(["digest", "--due"]))
