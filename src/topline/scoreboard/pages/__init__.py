"""HTML pages: the wall, the owner's day, the leaderboard."""

from topline.scoreboard.pages import board, today, wall

ROUTES = [*board.ROUTES, *today.ROUTES, *wall.ROUTES]
