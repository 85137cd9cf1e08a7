"""The verbs of the organisation: founding a hall, its zones and windows, and opening it to the public."""

from __future__ import annotations

from typing import Any

from common.protocol.messages import Nothing
from common.protocol.setup import STEPS, FoundHall, PassStep, SetUpData, SetUpZones
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.organisation.access import EDIT
from server.modules.organisation.events import HallOpened
from server.modules.organisation.records import Outlet
from server.modules.organisation.rules import clean_words, wrong_labels
from server.modules.organisation.setup import hall_of, outlet_in_setup, passed, plan_now, problems, put_zones

NOT_FOUNDED = refusal("organisation.not_founded", N_("Give the hall its name and languages first."))
OPENED = refusal(
    "organisation.opened_already",
    N_("This hall is open to the public: its first set-up is over. Change it in the console."),
)
NAME_NEEDED = refusal("organisation.name_needed", N_("Give the name in at least one of the hall's languages."), 422)
LABEL_WRONG = refusal(
    "organisation.label_wrong",
    N_("Window number “{label}”: it must be there once, with one to eight letters or digits."),
    422,
)
IN_USE = refusal("organisation.place_in_use", N_("{user} still stands at {place}. Move or remove it first."))
NOT_READY = refusal("organisation.not_ready", N_("The hall cannot open yet. Mend what is marked first."))
UNKNOWN_STEP = refusal("organisation.unknown_step", N_("There is no such step of the first set-up."), 422)


def _alone(request: Any) -> list[tuple[str, str]]:
    return [("setup", "hall")]


@action("organisation.found", needs=EDIT, input=FoundHall, output=Nothing, locks=_alone)
def found(work: Work, request: FoundHall) -> Nothing:
    """Found the hall, or change its name, languages and time zone while it is being set up. It serves nobody yet."""
    values: dict[str, Any] = {
        "name": clean_words(request.name),
        "organisation": clean_words(request.organisation),
        "languages": list(dict.fromkeys(request.languages)),
        "voice_languages": list(dict.fromkeys(request.voice_languages)) or request.languages[:1],
        "time_zone": request.time_zone,
    }
    if not values["name"] or not values["organisation"]:
        work.refuse("organisation.name_needed")
    Outlet.check(work, None, values)
    if plan_now(work.connection).main is None:
        outlet = work.insert(Outlet, **values, hours={}, main=True, stage="in_setup", setup={})
    else:
        outlet = work.change(Outlet, outlet_in_setup(work), **values)
    passed(work, outlet, "place")
    work.notify("organisation", "founded", type="outlet", id=outlet.id)
    # Everybody's outlet is known from now on, also to who is signed in already.
    work.notify("people", "founded")
    return Nothing()


@action("organisation.set_up_data", needs=EDIT, input=SetUpData, output=Nothing, locks=_alone)
def set_up_data(work: Work, request: SetUpData) -> Nothing:
    """Write down who keeps copies of the hall's data, and where."""
    outlet = outlet_in_setup(work)
    passed(work, outlet, "data", keeper=request.keeper.strip(), copies=request.copies.strip())
    work.notify("organisation", "changed", type="outlet", id=outlet.id)
    return Nothing()


@action("organisation.set_up_zones", needs=EDIT, input=SetUpZones, output=SetUpZones, locks=_alone)
def set_up_zones(work: Work, request: SetUpZones) -> SetUpZones:
    """Make zones, windows and hours what is named; what is not named goes, unless a device stands there."""
    outlet = outlet_in_setup(work)
    wanted = request.model_copy(
        update={"zones": [zone.model_copy(update={"name": clean_words(zone.name)}) for zone in request.zones]}
    )
    if not all(zone.name for zone in wanted.zones):
        work.refuse("organisation.name_needed")
    wrong = wrong_labels([zone.windows for zone in wanted.zones])
    if wrong is not None:
        work.refuse("organisation.label_wrong", label=wrong)
    Outlet.check(work, outlet, {"hours": wanted.hours})
    put_zones(work, outlet, wanted)
    outlet = work.change(Outlet, outlet, hours=wanted.hours, day_starts=wanted.day_starts)
    passed(work, outlet, "hall", template=wanted.template)
    work.notify("organisation", "changed", type="outlet", id=outlet.id)
    plan = plan_now(work.connection)
    return hall_of(plan, plan.main)


@action("organisation.pass_step", needs=EDIT, input=PassStep, output=Nothing, locks=_alone)
def pass_step(work: Work, request: PassStep) -> Nothing:
    """Leave a step of the first set-up that keeps nothing of its own."""
    if request.step not in STEPS:
        work.refuse("organisation.unknown_step")
    outlet = outlet_in_setup(work)
    passed(work, outlet, request.step)
    work.notify("organisation", "changed", type="outlet", id=outlet.id)
    return Nothing()


@action("organisation.open_hall", needs=EDIT, input=Nothing, output=Nothing, locks=_alone)
def open_hall(work: Work, request: Nothing) -> Nothing:
    """Open the hall to the public, for good; refused while something stands in the way."""
    outlet = outlet_in_setup(work)
    blocking = [one.model_dump(mode="json") for one in problems(work) if one.blocks]
    if blocking:
        work.refuse("organisation.not_ready", problems=blocking)
    passed(work, outlet, "open")
    outlet = plan_now(work.connection).main
    work.change(Outlet, outlet, stage="open")
    work.emit(HallOpened(outlet_id=outlet.id))
    work.notify("organisation", "opened", type="outlet", id=outlet.id)
    return Nothing()
