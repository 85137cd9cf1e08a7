"""What the server and the programs share."""

VERSION = "0.1.0"
"""Of the whole house; also in pyproject.toml, a test compares."""
