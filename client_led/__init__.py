"""The hall's displays: who goes where now, who went where just before, how long the queues are; and the voice."""
