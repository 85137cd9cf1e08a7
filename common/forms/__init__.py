"""Forms drawn by administrators: one definition, its check, its state while it is filled in, its answers. Pure."""
