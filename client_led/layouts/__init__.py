"""What stands on a display: the central one, the strip above a window."""
