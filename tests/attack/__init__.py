"""Machines that attack the hall and then look whether anything was lost or doubled; `installer/hall attack`."""
