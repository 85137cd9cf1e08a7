"""Pages by hand: the day, the devices, the first set-up."""
