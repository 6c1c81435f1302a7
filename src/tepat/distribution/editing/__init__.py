"""Changing a plan by hand: what a person asks, put on the clock, priced and judged. Pure."""
