"""Who does what in a plan: seats, who may sit in them, a proposal, and an independent check of it. Pure."""
