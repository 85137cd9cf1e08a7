"""The department service: who is above and below whom, and who belongs where."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.engine.ports import ports
from tests.server.people.conftest import People, people

__all__ = ["people"]


@pytest.mark.covers("ADM-019")
def test_superiors_subordinates_and_members_are_told_to_every_other_function(people: People) -> None:
    hall = people.hall
    office = people.add("department", name={"en": "Harbour office", "zh": "港口办"})["id"]
    boats = people.add("department", name={"en": "Boats"}, parent_id=office)["id"]
    staff = {
        n: people.add("staff_member", name={"en": n}, staff_number=n, department_id=d)["id"]
        for n, d in (("Ada", office), ("Bo", boats), ("Cy", boats), ("Dee", boats), ("Eve", boats))
    }  # fmt: skip
    chief = people.add("post", name={"en": "Chief"}, department_id=office, head=True)["id"]
    first = people.add("post", name={"en": "Boatswain"}, department_id=boats, parent_id=chief)["id"]
    hand = people.add("post", name={"en": "Hand"}, department_id=boats, parent_id=first, seats=2)["id"]
    for post, who, held in ((chief, "Ada", "2020-01-01/"), (first, "Bo", "2020-01-01/"), (hand, "Cy", "2020-01-01/"),
                            (hand, "Dee", "2020-01-01/2020-12-31")):  # fmt: skip
        people.add("post_holder", post_id=post, staff_member_id=staff[who], held=held)

    def line(who: str) -> dict[str, list[str]]:
        told = hall.post("organisation.line", {"person_id": staff[who]}, who="admin")
        return {side: [m["name"]["en"] for m in told[side]] for side in ("superiors", "above", "below")}

    assert line("Cy") == {"superiors": ["Bo"], "above": ["Bo", "Ada"], "below": []}
    assert line("Bo") == {"superiors": ["Ada"], "above": ["Ada"], "below": ["Cy"]}
    assert line("Ada")["above"] == [], "nobody is above himself"
    # Without a post, or with one of long ago: under whoever heads the department, here the one above it.
    assert line("Eve")["superiors"] == line("Dee")["superiors"] == ["Ada"]

    def found(**asked: object) -> list[str]:
        told = hall.post("organisation.members", asked, who="admin")["items"]
        return [m["name"]["en"] for m in told]

    assert found(department_id=office) == ["Ada", "Bo", "Cy", "Dee", "Eve"]
    assert found(department_id=office, with_below=False) == found(department_id=office, heads_only=True) == ["Ada"]
    assert found(words="boatswain") == ["Bo"] and found(words="港口") == ["Ada"] and found(words="boats cy") == ["Cy"]
    assert found(words="nobody of this name") == []
    # The post is empty: the next one above it leads.
    row = people.found("post_holder", {"field": "post_id", "value": first})[0]
    assert people.request("PATCH", f"post_holder/{row['id']}", {"held": "2020-01-01/2020-12-31"}).status_code == 200
    hall.settle()
    assert line("Cy")["superiors"] == ["Ada"]
    # The engine's functions (flows, messages) ask by the port.
    with hall.engine.store.reading() as connection:
        day = hall.engine.clock.now().date()
        deep = ports.departments.subordinates(connection, UUID(staff["Ada"]), day, deep=True)
        assert {staff[n] for n in ("Bo", "Cy", "Dee", "Eve")} == {str(one) for one in deep}
        assert [str(one) for one in ports.departments.heads(connection, UUID(boats), day)] == [staff["Ada"]]
    assert hall.refused("organisation.line", {"person_id": chief}, who="admin") == "records.not_found"
