"""The screens of packing."""
