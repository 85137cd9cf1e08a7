"""Forms that administrators draw, in versions; what was filled in, kept so that it can be asked for by field (SM-FORM, SM-SURV)."""
