"""How the system is run: faults from their alarm to their recovery, figures of operation by the hour, security rules with what
offends against them. Administrators work here, operators report faults.
"""

DEPENDS = ("organisation", "people", "devices")
