"""The catalog of behaviors: definitions, points and targets with dates, who they are for."""
