"""How large an administrator's rule and the values it meets may be, so that none runs long."""

from __future__ import annotations

LENGTH = 2_000
"""Characters of an expression."""
PARTS = 400
"""Words and signs of an expression."""
DEPTH = 24
"""Parentheses, calls and operators within one another."""
LOOPS = 2
"""`map`, `filter` and their kin within one another."""
INNER = 40
"""Words and signs of what is computed in the inner of two loops."""
ROWS = 200
"""Rows of a list that an expression goes through; 40,000 steps in two loops, 0.1 s with the most that is let through."""
TEXT = 10_000
"""Characters of a text handed in."""
VALUES = 262_144
"""Characters of all values handed in together, as JSON."""
DIGITS = 28
"""Digits of a number."""
