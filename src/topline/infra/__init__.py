"""Outside services behind small protocols, each with an embedded and a production version."""
