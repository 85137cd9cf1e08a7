"""Frame of the workbench: signing in, navigation, status, what this PC remembers."""
