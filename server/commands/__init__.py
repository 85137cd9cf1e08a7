"""The commands of `openhall-server`, a file a subject; `options.py` declares what they take."""
