"""The display's window."""
