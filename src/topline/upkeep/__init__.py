"""Keeping an installation healthy: health, backup, restore, housekeeping, checks, and the demo hotel."""
