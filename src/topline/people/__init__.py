"""Who works here and in which role."""
