"""Microsoft Teams: activities, cards and tokens are known here only. Rendering is pure."""
