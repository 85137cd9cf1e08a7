"""The bodies and people stationed in the hall: their entry, withdrawal, cancellation and reinstatement as filings that a head
decides. Operations staff file, heads decide; departments and staff files themselves are the organisation's.
"""

DEPENDS = ("organisation", "people")
