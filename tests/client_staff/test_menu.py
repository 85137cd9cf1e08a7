"""The navigation as data: pure decisions, and the page where menus are set up with two programs before one hall."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_staff.app.menu import Entry, arranged, as_menu, left_out, moved, parts_of, put
from common.protocol.workplaces import Menu, MenuEntry, MenuGroup
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

OWN = [
    Entry("setup", "Set-up", "", "hall"), Entry("counter", "Counter", "", "ticket"), Entry("hall", "Hall", "queue", "hall"),
    Entry("records.ticket", "Tickets", "queue", "list"), Entry("workplaces", "Workplaces", "people", "columns"),
    Entry("records.mandate", "Mandates (list)", "people", "list", aside=True),
]  # fmt: skip


def names(menu: Menu | None, *rights: str) -> list[str]:
    return [one.name for one in arranged(OWN, menu, lambda right: right in rights)]


def test_a_menu_orders_hides_and_links_and_gives_nobody_a_page_that_he_may_not_open() -> None:
    assert names(None) == ["setup", "counter", "hall", "records.ticket", "workplaces"]
    built_in = as_menu(OWN, None)
    assert names(built_in) == names(None), "a menu of one's own begins as the program's"
    assert arranged(OWN, built_in, lambda _r: True)[1].group == "", "what stood first has no heading"
    search = MenuEntry(kind="search", page="records.ticket", target="7", words={"en": "Late"}, needs="queue.see")
    groups = [MenuGroup(name="mine", words={"en": "My work"}, entries=[
        MenuEntry(page="records.ticket", words={"en": "Today"}), search, MenuEntry(page="records.secret")])]  # fmt: skip
    menu = Menu(groups=groups, hidden=["hall", "workplaces"])
    assert names(menu) == ["setup", "records.ticket", "counter", "workplaces"], "who sets menus up finds back"
    shown = arranged(OWN, menu, lambda _r: True)
    assert [(one.name, one.label, one.heading) for one in shown[1:3]] == [
        ("records.ticket", "Today", "My work"), ("records.ticket/search/7", "Late", "My work"),
    ]  # fmt: skip
    assert parts_of(shown[2].name) == ("records.ticket", "search", "7") and parts_of("hall") == ("hall", "page", "")
    assert names(menu.model_copy(update={"rest": False})) == ["setup", "records.ticket", "workplaces"]
    assert [one.name for one in left_out(OWN, menu)] == ["counter", "hall", "records.mandate"]


def test_lines_move_within_their_heading_over_its_end_and_by_drag() -> None:
    menu = Menu(groups=[MenuGroup(name=g, entries=[MenuEntry(page=p) for p in pages]) for g, pages in
                        (("a", ("1", "2")), ("b", ("3",)), ("c", ()))])  # fmt: skip

    def stands() -> list[str]:
        return [g.name + "".join(e.page for e in g.entries) for g in menu.groups]

    assert moved(menu, 0, 0, 1) == (0, 1) and stands() == ["a21", "b3", "c"]
    assert moved(menu, 0, 1, 1) == (1, 0) and stands() == ["a2", "b13", "c"]
    assert moved(menu, 1, 0, -1) == (0, 1) and moved(menu, 0, 0, -1) == (0, 0)
    assert moved(menu, 1, None, -1) == (0, None) and stands() == ["b3", "a21", "c"]
    assert moved(menu, 2, None, 1) == (2, None)
    assert put(menu, (0, 0), 2, 5) == (2, 0) and put(menu, (1, 0), 1, 2) == (1, 1) and stands() == ["b", "a12", "c3"]


@pytest.mark.covers("COR-036")
def test_menus_are_set_up_and_seen_at_once_and_another_department_comes_into_view(
    house: DemoHouse, tmp_path: Path
) -> None:
    with Running("staff", tmp_path / "admin", house) as desk, Running("staff", tmp_path / "anna", house) as clerk:
        signed_in(clerk, "anna")
        clerk.wait(name="go_records.ticket")
        signed_in(desk, "admin")
        desk.wait(name="go_records.ticket")
        said = [str(one["text"]) for one in desk.tree() if str(one["name"]).startswith("go_")]
        assert len(said) == len(set(said)), "nothing stands twice"
        desk.press("go_workplaces")
        desk.wait("Workplaces and menus", name="workplaces_title")
        desk.press("workplace_new")
        desk.type("edit_workplace_name", "Everybody's")
        desk.press("workplace_own_menu")
        desk.wait(name="workplace_add_group")
        desk.press("workplace_add_group")
        desk.wait("New heading", name="edit_line_words")
        desk.type("edit_line_words", "Front desk")
        desk.press("workplace_add_page")
        desk.wait(name="choose_take")
        desk.key("Escape")
        desk.key("Ctrl+S")
        desk.wait("Saved.", name="workplaces_said_text")
        kept = house.post("people.workplaces", {}, who="admin")["items"]
        assert [one["name"]["en"] for one in kept] == ["Everybody's"]
        assert kept[0]["menu"]["groups"][-1]["words"] == {"en": "Front desk"}
        # Another one's open program follows at once: a page is renamed, one is hidden.
        first = kept[0]["menu"]["groups"]
        line = next(e for g in first for e in g["entries"] if e["page"] == "records.ticket")
        line["words"] = {"en": "Today's numbers"}
        menu = {**kept[0]["menu"], "hidden": ["records.call"]}
        menu["groups"] = [
            {**g, "entries": [e for e in g["entries"] if e["page"] != "records.call"]} for g in menu["groups"]
        ]
        clerk.wait(name="go_records.call")
        house.post("people.keep_workplace", {"workplace": {**kept[0], "menu": menu}}, who="admin")
        clerk.wait("Today's numbers", name="go_records.ticket")
        clerk.wait(name="go_records.call", gone=True)
        # Taken away: the program's own menu is back.
        head = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": "drop"}
        house.http.delete(f"/api/records/workplace/{kept[0]['id']}", headers=head)
        clerk.wait(name="go_records.call")

        # COR-038: another department in view; lists keep to it, and it is said in the top bar.
        desk.press("view_switch")
        desk.wait(name="view_take")
        everything = house.post("people.in_view", {}, who="admin")["departments"]
        chosen = sorted(everything, key=lambda one: str(one["name"]["en"]))[0]["name"]["en"]
        desk.type("view_search", chosen)
        desk.press("view_take")
        desk.wait(chosen[:8], name="view_switch")
        assert house.post("people.in_view", {}, who="admin")["department_id"] is not None
