"""Serah terima on the office's screens."""
