"""The screens of planning: register, imports, needs, accessibility."""
