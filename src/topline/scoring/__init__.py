"""What a log is worth: points, streaks, adoption, ranks."""
