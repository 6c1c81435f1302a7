"""Stress test of a plan: how often it is in time when rain, a breakdown or a shut bridge comes. Pure."""
