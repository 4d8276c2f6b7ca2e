"""Brings the sources into the lake."""
