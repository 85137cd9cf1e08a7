"""Tickets: the first page, a service, the number, what to say when there is none."""
