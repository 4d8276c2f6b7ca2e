from __future__ import annotations

import os
import signal
import subprocess
import sys

from bot.state.owners import is_gone, new_owner


def test_a_living_process_is_not_gone_and_each_holder_is_another() -> None:
    one, two = new_owner(), new_owner()
    assert one != two
    assert not is_gone(one)


def test_a_killed_process_is_gone_at_once() -> None:
    script = (
        "from bot.state.owners import new_owner; import time; print(new_owner(), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        owner = process.stdout.readline().strip()
        assert not is_gone(owner)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert is_gone(owner)


def test_a_process_id_that_was_given_again_is_not_the_old_process() -> None:
    machine, namespace, pid, _started, token = new_owner().split("|")
    assert pid == str(os.getpid())
    assert is_gone(f"{machine}|{namespace}|{pid}|1|{token}")


def test_nobody_judges_another_machine_or_an_empty_holder() -> None:
    _machine, namespace, _pid, started, token = new_owner().split("|")
    assert not is_gone(f"elsewhere|{namespace}|999999999|{started}|{token}")
    assert not is_gone("")
