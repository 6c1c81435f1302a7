"""Our own search for a part: lots may be split between trips, at compiled speed (docs/decisions/0012)."""
