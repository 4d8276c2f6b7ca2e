"""The words for every known failure: what failed and what to do. The only place that has them."""

from __future__ import annotations

from bot.model import errors as e
from bot.model.chat import Action, Refusal, RefusalCode

HELP = "help"
DOCTOR = "An admin can run `codex-pulse doctor`."
AGAIN = "Ask again in a few minutes."
LONGEST_QUOTED = 40


def refusal(error: e.PulseError) -> Refusal:
    """What a person is told. Never exception text of a library, never personal data."""
    match error:
        case e.WrongUse():
            return Refusal(RefusalCode.WRONG_USE, *_wrong_use(error))
        case e.NotAllowed():
            return Refusal(RefusalCode.NOT_ALLOWED, *_not_allowed(error))
        case e.Busy(retry_after_seconds=seconds):
            return Refusal(
                RefusalCode.UNAVAILABLE, "Busy: too many questions at once.", f"Ask again in {seconds} s."
            )
        case e.Unavailable():
            return Refusal(RefusalCode.UNAVAILABLE, *_unavailable(error))
        case _:
            message = f"no words for {type(error).__name__}"
            raise TypeError(message)


def meant(error: e.PulseError, typed: str) -> tuple[Action, ...]:
    """A button that asks what was probably meant: the typed line with the unknown word replaced."""
    if not isinstance(error, e.UnknownWord | e.BadValue) or not error.nearest:
        return ()
    words = typed.split()
    if error.word not in words:
        return ()
    words[words.index(error.word)] = error.nearest
    line = " ".join(words)
    return (Action("meant", line, line),)


def bug(ref: str) -> Refusal:
    """What a person is told about a failure of ours."""
    return Refusal(
        RefusalCode.BUG,
        "Something went wrong on our side; nothing was changed.",
        f"Tell an admin the reference {ref}.",
        ref,
    )


def _wrong_use(error: e.WrongUse) -> tuple[str, str]:
    match error:
        case e.UnknownWord(word=word, nearest=nearest, example=example):
            meant = f" Did you mean `{nearest}`?" if nearest else ""
            return f"I don't know `{_quote(word)}`.{meant}", _try(" or ".join(dict.fromkeys((example, HELP))))
        case e.TooOld(earliest=earliest):
            since = f" The source has figures since {earliest.isoformat()}." if earliest else ""
            return (
                error.message or f"That starts before what can be fetched.{since}",
                error.hint or "Try `90d`.",
            )
        case e.BadSetting():
            return _sentence(error.message), _sentence(error.hint)
        case _:
            return _sentence(error.message), _try(error.hint)


def _try(hint: str) -> str:
    """Words that run as typed become code: `30d` or `usage 30d or help`; sentences stay as they are."""
    if not hint or hint.endswith(".") or hint[0].isupper():
        return hint
    return f"Try {' or '.join(f'`{words}`' for words in hint.split(' or '))}."


def _sentence(text: str) -> str:
    """A sentence with its end; a name such as `policy.analyst` keeps its small letter at the start."""
    ended = text if not text or text.endswith((".", "?", "!")) else f"{text}."
    named = "." in ended.partition(" ")[0].rstrip(".:")
    return ended if named else ended[:1].upper() + ended[1:]


def _not_allowed(error: e.NotAllowed) -> tuple[str, str]:
    match error.needs:
        case "":
            return "Not found, or not yours to see.", ""
        case "member":
            return "Sorry, I answer only members of this workspace.", ""
        case "admin" | "analyst":
            return f"This needs the level {error.needs}.", f"It is granted by {error.granted_by}."
        case "investigator" | "approver":
            return f"This needs the grant {error.needs}.", f"It is granted by {error.granted_by}."
        case _:
            hint = f"It is decided by {error.granted_by}." if error.granted_by else ""
            return f"This needs {error.needs}.", hint


def _unavailable(error: e.Unavailable) -> tuple[str, str]:
    match error:
        case e.NotConnected(setting=setting, scope=scope):
            return (
                f"The audit log is not connected: {setting} is not set.",
                f"It takes a key with the scope `{scope}`. {DOCTOR}",
            )
        case e.NoHistory(starts=starts):
            when = f"history starts {starts.isoformat()}" if starts else "no history is held yet"
            return f"No figures for that window: {when}.", f"Try `since {starts}`." if starts else DOCTOR
        case e.LakeUnwritable():
            return "New figures cannot be kept: the disk is full or read-only.", f"{AGAIN} {DOCTOR}"
        case e.StateAway():
            return "My own database does not answer right now; nothing was changed.", AGAIN
        case _:
            return _refused(error) or _passing(error)


def _refused(error: e.Unavailable) -> tuple[str, str] | None:
    """What an admin has to look at; None for what may pass by itself."""
    match error:
        case e.Unauthorized():
            return "OpenAI does not accept the API key.", f"It may be wrong, expired or revoked. {DOCTOR}"
        case e.Forbidden(scope=scope):
            needs = f" It needs the scope `{scope}`." if scope else ""
            return f"The API key may not read this.{needs}", f"A workspace owner can change the key. {DOCTOR}"
        case e.SourceMissing():
            hint = f"Check the workspace id and the plan. {DOCTOR}"
            return "OpenAI says there is no such thing here.", hint
        case e.Rejected(fields=fields):
            named = f" ({', '.join(fields)})" if fields else ""
            return f"OpenAI did not accept the request{named}.", DOCTOR
        case e.BadAnswer():
            return "The API's answer could not be read.", f"A proxy may stand in between. {DOCTOR}"
        case _:
            return None


def _passing(error: e.Unavailable) -> tuple[str, str]:
    match error:
        case e.RateLimited():
            return "OpenAI's rate limit is reached.", AGAIN
        case e.ServerFault():
            return "OpenAI's API has a fault right now.", AGAIN
        case e.TimedOut():
            return "OpenAI's API did not answer in time.", AGAIN
        case e.Unreachable():
            hint = f"Check network, proxy and certificates. {DOCTOR}"
            return "OpenAI's API cannot be reached from here.", hint
        case e.CursorLoop():
            return "OpenAI's paging does not advance, so the figures would be incomplete.", AGAIN
        case _:
            return "The source of the figures is not available.", AGAIN


def _quote(word: str) -> str:
    cut = word.replace("`", "'")
    return cut if len(cut) <= LONGEST_QUOTED else cut[: LONGEST_QUOTED - 1] + "…"
