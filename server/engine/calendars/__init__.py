"""Working time as pure rules: which hours of which days count, and a ledger that says why (SM-CAL)."""
