"""The Compliance API: wire rows, and the client that handlers call."""
