"""The wiring: builds everything once, hands it on, closes it."""
