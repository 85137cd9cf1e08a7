"""What the hall publishes: announcements to its staff, in the hall and on the portal. Administrators write them, everybody
reads them.
"""

DEPENDS = ("organisation", "people")
