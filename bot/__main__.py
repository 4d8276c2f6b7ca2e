"""`codex-pulse`, the command line."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence

from bot.app.logs import log_warnings
from bot.app.subcommands import EXTRA, runner
from bot.console import as_json, parser
from bot.console.exits import Exit, exit_of
from bot.console.outdir import Saved
from bot.dispatch.words import refusal
from bot.model.chat import Refusal
from bot.model.errors import PulseError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    arguments = parser.build(EXTRA).parse_args(argv)
    if arguments.now:
        os.environ["PULSE_NOW"] = arguments.now.isoformat()
    log_warnings()
    try:
        return int(asyncio.run(runner(arguments.subcommand)(arguments)))
    except PulseError as error:
        return _refused(refusal(error), vars(arguments).get("format", "text"))
    except KeyboardInterrupt:
        return int(Exit.CHECK_FAILED)


def _refused(said: Refusal, form: str) -> int:
    """Say what kept the subcommand from its work: for scripts on stdout, for people on stderr."""
    if form == "json":
        sys.stdout.write(as_json.render(said, Saved()) + "\n")
    else:
        sys.stderr.write("\n".join(line for line in (said.message, said.hint) if line) + "\n")
    return int(exit_of(said))


if __name__ == "__main__":
    sys.exit(main())
