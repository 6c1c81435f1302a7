"""Why a plan is as it is: what binds, what the next best would cost, what would serve what is left. Pure."""
