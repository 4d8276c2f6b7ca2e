"""What is withheld when content of prompts is shown: secrets and personal data (extra `redaction`)."""

from __future__ import annotations

from bot.redaction.redactor import LibraryRedactor

__all__ = ["LibraryRedactor"]
