"""Backup while the hall works, restoring into an empty place, and the schedule with its runs (see README.md)."""
