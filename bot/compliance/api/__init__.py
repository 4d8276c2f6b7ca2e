"""The ChatGPT Compliance API as typed values: log files, their download, people, tasks and environments."""

from bot.compliance.api.client import ComplianceApi, log_scope
from bot.compliance.api.download import Downloaded, Tampered
from bot.compliance.api.lists import LogFilePage
from bot.compliance.api.wire import DEFAULT_TYPES, CodexEnvironment, CodexTask, EventType, LogFile, UserRow

__all__ = [
    "DEFAULT_TYPES",
    "CodexEnvironment",
    "CodexTask",
    "ComplianceApi",
    "Downloaded",
    "EventType",
    "LogFile",
    "LogFilePage",
    "Tampered",
    "UserRow",
    "log_scope",
]
