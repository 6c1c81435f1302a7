"""The screens of distribution: plans and their comparison, warehouses, prices."""
