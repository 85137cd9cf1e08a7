"""What citizens can have done here: the tree of services, and which window accepts which in what order."""

DEPENDS = ("organisation", "people")
