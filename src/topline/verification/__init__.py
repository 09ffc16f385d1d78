"""Deciding on logs: the queue, verify, reject, reopen, singly or in bulk."""
