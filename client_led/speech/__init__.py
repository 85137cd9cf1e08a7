"""The voice of a zone."""
