"""Permissions of filings."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("residency.see", N_("See filings of stationed departments and people"))
FILE = permission("residency.file", N_("File entries, withdrawals, cancellations and reinstatements"))
DECIDE = permission("residency.decide", N_("Decide filings of stationed departments and people"))
EXPORT = permission("residency.export", N_("Take lists of filings out"))
