"""Audit-log events: downloaded, checked, stripped of content, kept by day."""
