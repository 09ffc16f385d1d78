// Live updates of the wall.
