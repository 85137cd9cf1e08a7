"""Whole lists as files (Excel, CSV, PDF), made in a process of its own with the rights of whoever asked."""
