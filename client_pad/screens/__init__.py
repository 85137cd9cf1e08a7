"""The pad's pages, one a file."""
