"""The counter: a window, its commands, its lists, its bar."""
