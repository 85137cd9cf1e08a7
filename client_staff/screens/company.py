"""Companies: the generic page, with a hint above the form when the one that is typed may be there already."""

from client_staff.screens.applicant import CitizensPage


class Screen(CitizensPage):
    """Companies."""
