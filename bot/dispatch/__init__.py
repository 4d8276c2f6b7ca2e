"""From a typed line to an answer: grammar, policy, the one error centre, drawing."""

from bot.dispatch.dispatcher import Dispatcher

__all__ = ["Dispatcher"]
