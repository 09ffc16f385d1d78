"""Topline ties what hotel staff do every shift to what the house earns."""

__version__ = "0.1.0"
