"""Are we winning: game state, leaderboard, wall display, live stream."""
