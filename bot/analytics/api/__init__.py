"""The client of the Codex enterprise Analytics API: typed rows, paging, retries, errors."""
