"""The pad's window and what it knows."""
