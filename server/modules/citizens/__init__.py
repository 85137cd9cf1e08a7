"""Whom the hall serves: applicants and companies, each once, with hints at duplicates, merging and its undo, and
restrictions. Kept are the facts that identify and reach somebody, nothing of faith, origin, politics or health.
"""

DEPENDS = ("organisation",)
