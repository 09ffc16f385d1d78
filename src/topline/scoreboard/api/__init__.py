"""JSON routes: leaderboard, scoreboard, its stream, and a person's day on the tablet."""

from topline.scoreboard.api import boards, stream, tablet

ROUTES = [*boards.ROUTES, *stream.ROUTES, *tablet.ROUTES]
