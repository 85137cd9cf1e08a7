"""Speech, ticket printers and what they print. No Qt; what exists on one system only stands behind an interface."""
