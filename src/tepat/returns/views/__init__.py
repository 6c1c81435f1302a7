"""Screens of the way back: the sets in the night, and the papers of the field."""
