"""What the audit log tells: look-ups of a subject, tokens, tools, agents, what was blocked, log pulls."""
