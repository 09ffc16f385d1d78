"""Reads over logs and day totals: what a log counts, boards, one person's day, adoption."""
