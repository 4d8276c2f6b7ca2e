"""Slack: blocks, channels and tokens are known here only. Rendering is pure; delivery does the I/O."""
