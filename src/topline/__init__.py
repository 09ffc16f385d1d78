"""Topline ties what hotel staff do every shift to what the house earns."""
