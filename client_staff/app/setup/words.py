"""The guide's words: its steps, and every problem as a sentence with its mending."""

from __future__ import annotations

from common.protocol.setup import SetupProblem
from common.text import N_, _, formats
from common.text.words import pick

STEP_WORDS = {
    "place": N_("Language and place"),
    "data": N_("Data and backup"),
    "hall": N_("Hall"),
    "services": N_("Windows and services"),
    "people": N_("People"),
    "devices": N_("Devices"),
    "open": N_("Check and open"),
}
MINUTES = {"place": 2, "data": 1, "hall": 3, "services": 5, "people": 5, "devices": 8, "open": 2}
"""How long a step takes somebody who has the answers at hand."""

IN_ITSELF = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}

SENTENCES = {
    "not_founded": N_("The hall has no name yet. Give it one in the first step."),
    "name_lacks_languages": N_("The hall's name is not written in {languages}. Readers see it in another language."),
    "nobody_keeps_copies": N_("Nobody is named who keeps copies of the data. Name somebody in “Data and backup”."),
    "no_zones": N_("The hall has no zone. Add one in “Hall”."),
    "no_windows": N_("The hall has no window. Give a zone its windows in “Hall”."),
    "no_hours": N_("The hall is never open. Enter its hours in “Hall”."),
    "zone_without_window": N_("The zone {name} has no window. Nobody can be called there."),
    "no_services": N_("There is no service yet. Begin with a template hall, import a sheet, or add services."),
    "service_without_window": N_(
        "{name} has no window. Kiosks would not offer it. Give it a window, or leave it out for now."
    ),
    "idle_windows": N_("These windows serve nothing yet: {windows}. They stay closed until they do."),
    "only_the_administrator": N_("Only you can sign in so far. Add the people who will work at the windows."),
    "no_kiosk": N_("No ticket kiosk has joined. Until then staff give the tickets."),
    "no_display": N_("No display has joined. Until then nobody sees the calls."),
}


def sentence(problem: SetupProblem) -> str:
    """A problem in the reader's words; one that a newer server invents is shown by its code."""
    text = SENTENCES.get(problem.code)
    if text is None:
        return problem.code
    facts = dict(problem.facts)
    if isinstance(facts.get("name"), dict):
        facts["name"] = pick(facts["name"])
    if "languages" in facts:
        facts["languages"] = formats.listing([IN_ITSELF.get(code, code) for code in facts["languages"]])
    if "windows" in facts:
        facts["windows"] = formats.listing([formats.digits(label) for label in facts["windows"]])
    return _(text).format(**facts)


def minutes_left(step: str) -> int:
    """How many minutes the guide still takes from the beginning of a step."""
    names = list(STEP_WORDS)
    return sum(MINUTES[name] for name in names[names.index(step) :])
