"""The evaluation pad at a window: who serves here, the number called, four keys, thanks."""
