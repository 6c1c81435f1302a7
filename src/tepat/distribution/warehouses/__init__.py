"""Which warehouse: every set of one or two candidates is routed, or proved dearer than the best. Pure."""
