"""Approval flows: administrators' definitions in versions, their running cases, and who holds which step (SM-FLOW)."""
