"""HTML pages: the wall, the owner's day, the leaderboard."""

from topline.scoreboard.pages import wall

ROUTES = [*wall.ROUTES]
