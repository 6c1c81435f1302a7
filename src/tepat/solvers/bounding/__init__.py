"""How cheap a strategy can possibly be: a proved lower bound (docs/decisions/0013-bound.md)."""
