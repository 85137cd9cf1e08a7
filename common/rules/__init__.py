"""Administrators' rules: expressions that only compute, decision tables; checked before they are used. Pure."""
