"""The hall itself: outlets with their hours and languages, zones, windows, sections, departments and the staff.

Every other module stands on it; administrators change it in the console.
"""

DEPENDS: tuple[str, ...] = ()
