"""The staff workbench and the manager's console."""
