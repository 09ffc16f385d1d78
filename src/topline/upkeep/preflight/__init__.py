"""Preflight: the hotel's two checklists against a live deployment, each line with its evidence."""
