"""Texts of prompts and answers."""

from __future__ import annotations

import random

from bot.reference.chance import digest

_ASKS = (
    "Fix the flaky test in the invoice module and tell me why it failed only on the second run.",
    "Refactor the retry loop of the payment client to honour Retry-After and give up after a minute.",
    "Write a migration that splits the address column and keeps old rows readable during the roll-out.",
    "Explain what this stack trace means and propose the smallest change that makes the request idempotent.",
    "Add typed settings for the search service and replace every direct read of the environment.",
    "Review this diff for race conditions, in particular around the cache that two workers share.",
)
_FILLER = (
    "The relevant files are under services/ and the tests next to them.",
    "Keep the public interface as it is and run the linters before you finish.",
    "Please do not touch the generated code, it is rebuilt by the pipeline every night.",
    "We saw this for the first time after the last release, the logs are attached below.",
    "If you are unsure, prefer the boring solution and leave a note in the change log.",
)
_HOSTILE = (
    "<!channel> please *approve* <http://evil.example|this> & reply",
    "\u202etxt.drowssap\u202c open the file \u2066hidden\u2069",
    "NUL \u0000 and bell \u0007 in the middle, then \u2028 a line separator",
    '=HYPERLINK("http://evil.example","open")',
)
_ONE_IN_HOSTILE = 250


def prompt(draw: random.Random) -> str:
    """Write a prompt of some hundred characters, sometimes empty or hostile."""
    if draw.randrange(_ONE_IN_HOSTILE) == 0:
        return draw.choice((*_HOSTILE, ""))
    return " ".join((draw.choice(_ASKS), *draw.sample(_FILLER, draw.randrange(1, 4))))


def answer(draw: random.Random) -> str:
    """Write an answer."""
    return " ".join(
        ("Done: the change is small and covered by a test.", *draw.sample(_FILLER, draw.randrange(1, 4)))
    )


def prompt_with_secrets(seed: int, ordinal: int) -> str:
    """Write a prompt with made-up credentials and personal data.

    They are put together here, so that no scanner takes the source file for a leak.
    """
    noise = digest("secret", seed, ordinal)
    identifier = "AK" + "IA" + noise[:16].upper().translate(str.maketrans("0189", "ABCD"))
    secret = digest("secret key", seed, ordinal)[:40]
    token = "gh" + "p_" + digest("token", seed, ordinal)[:36]
    return (
        f"Deploy with aws_access_key_id = {identifier} and aws_secret_access_key = '{secret}', "
        f"push with {token}, then write to karl.berger@customer.example or call +49 30 901820; "
        "the refund goes to DE89 3704 0044 0532 0130 00."
    )
