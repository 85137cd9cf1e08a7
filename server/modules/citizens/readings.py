"""What is read of citizens beside their lists: hints at duplicates, restrictions that hold."""

from __future__ import annotations

from typing import Any

from common.protocol.citizens import Hint, Hints, Likeness, OfApplicant, RestrictionCard, RestrictionCards
from common.records.identity import identity_number, phone
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.records.record import Record
from server.engine.records.scope import may
from server.modules.citizens import loaders, rules
from server.modules.citizens.access import SEE
from server.modules.citizens.public import restricted
from server.modules.citizens.records import KINDS, Applicant

MOST_HINTS = 20
ASKED = {
    "applicant": ("identity", "mobile", "telephone", "mail", "born_on", "name"),
    "company": ("registration", "telephone", "mail", "name"),
}


@reading("citizens.duplicates", needs=SEE, input=Likeness, output=Hints)
def duplicates(work: Work, request: Likeness) -> Hints:
    """Entries that may be the same as one that stands, or as one that is being typed (APL-044)."""
    record = KINDS[request.kind]
    asked = _of_entry(work, record, request) if request.id is not None else _typed(request)
    masks = "identity" in record.fields() and may(record, work.who, "read")
    vault = work.engine.vault
    hints = []
    for row in loaders.candidates(work, record, asked, request.id):
        same = {name: _same(work, record, row, name, asked.get(name)) for name in rules.SURE}
        born = (asked.get("born_on"), getattr(row, "born_on", None))
        found = rules.likely(same, asked.get("name") or "", row.name, *born)
        if found.score >= rules.LEAST:
            hints.append(
                Hint(
                    id=row.id,
                    name=row.name,
                    born_on=born[1],
                    identity=vault.masked("applicant.identity", row.identity) if masks else None,
                    score=found.score,
                    because=list(found.because),
                )
            )
    hints.sort(key=lambda hint: (-hint.score, hint.name, hint.id))
    return Hints(items=hints[:MOST_HINTS])


@reading("citizens.restrictions", needs=SEE, input=OfApplicant, output=RestrictionCards)
def restrictions(work: Work, request: OfApplicant) -> RestrictionCards:
    """The restrictions that keep an applicant from something today."""
    work.get(Applicant, request.applicant_id)
    rows = restricted(work, request.applicant_id, request.area)
    return RestrictionCards(items=[RestrictionCard(id=r.id, area=r.area, held=r.held, why=r.why) for r in rows])


def _typed(request: Likeness) -> dict[str, Any]:
    return {
        "name": request.name.strip(),
        "born_on": request.born_on,
        "identity": identity_number(request.identity),
        "mobile": phone(request.mobile),
        "telephone": phone(request.telephone),
        "mail": request.mail.strip(),
        "registration": request.registration.strip(),
    } | ({"born_on": None, "identity": "", "mobile": None} if request.kind == "company" else {"registration": ""})


def _of_entry(work: Work, record: type[Record], request: Likeness) -> dict[str, Any]:
    row = work.get(record, request.id)  # type: ignore[arg-type]
    return {name: _plain(work, record, row, name) for name in ASKED[request.kind]}


def _plain(work: Work, record: type[Record], row: Any, name: str) -> Any:
    value = getattr(row, name)
    if value is not None and record.fields()[name].protected:
        return work.engine.vault.open(record.plan().place_of(name), value)
    return value


def _same(work: Work, record: type[Record], row: Any, name: str, asked: Any) -> bool:
    if not asked or name not in record.fields() or getattr(row, name) is None:
        return False
    if record.fields()[name].protected:
        return getattr(row, f"{name}_exact") in work.engine.vault.blinds(record.plan().place_of(name), "exact", asked)
    return bool(getattr(row, name) == asked)
