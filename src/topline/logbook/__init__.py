"""Behavior logs: log, undo, answer, evidence, and the batch of a tablet that was offline."""
