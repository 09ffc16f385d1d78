"""Write the generated demo hotel into an empty database."""

from topline.upkeep.load.demo import load

__all__ = ["load"]
