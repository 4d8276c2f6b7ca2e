"""Runs what is due: answers the stored command as its subscriber and posts the answer exactly once."""
