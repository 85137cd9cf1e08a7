"""Kiosks, pads, displays and staff PCs: which stand where, their tokens and their health."""

DEPENDS = ("organisation",)
