"""Promises that hold for the whole house, checked over its sources and its registries."""
