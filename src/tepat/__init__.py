"""Tepat: the logistics of one election office, from the voter list to the proof."""
