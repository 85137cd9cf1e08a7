"""The navigation as data: pure decisions."""

from __future__ import annotations

from client_staff.app.menu import Entry, arranged, as_menu, left_out, moved, parts_of, put
from common.protocol.workplaces import Menu, MenuEntry, MenuGroup

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
