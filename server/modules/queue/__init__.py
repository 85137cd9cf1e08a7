"""Tickets, calling and what kiosks, counters, pads and displays show of the queue.

Citizens take tickets, clerks call them, managers watch the day.
"""

DEPENDS = ("organisation", "people", "services", "devices", "content")
