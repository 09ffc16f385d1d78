"""JSON shapes of the leaderboard, the scoreboard and a person's day on the tablet."""
