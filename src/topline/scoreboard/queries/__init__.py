"""Reads behind the scoreboard: what came in, where the house should be, how the team does today."""
