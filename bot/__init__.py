"""Codex Pulse: answers about Codex usage in the chat, with a chart."""

__version__ = "0.1.0"
