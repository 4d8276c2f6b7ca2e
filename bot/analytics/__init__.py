"""The Analytics API: wire rows, and the client that handlers call."""
