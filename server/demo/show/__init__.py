"""The demo hall's programs on one screen: starting them, placing their windows, stopping them by process id."""
