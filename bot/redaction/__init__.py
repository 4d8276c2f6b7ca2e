"""What is withheld when content of prompts is shown: secrets and personal data. A named seam."""

from __future__ import annotations

from bot.redaction.redactor import LibraryRedactor, Redacted, Redactor, Withheld

__all__ = ["LibraryRedactor", "Redacted", "Redactor", "Withheld"]
