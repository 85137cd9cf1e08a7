"""Ratings: asked for at the window, given on its pad, each belonging to exactly one ticket."""

DEPENDS = ("organisation", "queue")
