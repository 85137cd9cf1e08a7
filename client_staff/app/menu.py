"""What the navigation shows: the program's own pages, put in order by the workplace of this person (COR-036, ADM-002). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from common.protocol.workplaces import PAGE, Menu, MenuEntry, MenuGroup
from common.text.words import pick

ALWAYS = ("setup", "workplaces")
"""Pages that no menu hides from whoever may open them: who sets menus up must find back."""
FIRST = "first"
"""The group of what stands first, without a heading."""
MARK = "/"
"""In the name of a line that leads into a page: `records.ticket/search/ID`."""


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    name: str
    label: str
    group: str
    symbol: str
    heading: str = ""
    """The words of the group, where it is one of the menu's own."""
    aside: bool = False
    """Found by Ctrl+K and in menus; not in the program's own menu, where another page stands for it."""


def line_name(line: MenuEntry) -> str:
    """The name under which a line is opened."""
    return line.page if line.kind == PAGE else MARK.join((line.page, line.kind, line.target))


def parts_of(name: str) -> tuple[str, str, str]:
    """Page, kind and target of a line's name."""
    page, _mark, rest = name.partition(MARK)
    kind, _mark, target = rest.partition(MARK)
    return page, kind or PAGE, target


def arranged(own: Sequence[Entry], menu: Menu | None, may: Callable[[str], bool]) -> list[Entry]:
    """The lines of the navigation. `own` are the pages that this person may open, in the program's order; `may` tells of a
    permission. A menu gives nobody a page that he may not open."""
    if menu is None:
        return [one for one in own if not one.aside]
    known = {one.name: one for one in own}
    found = [known[name] for name in ALWAYS[:1] if name in known]
    placed = {one.name for one in found}
    for group in menu.groups:
        for line in group.entries:
            page = known.get(line.page)
            name = line_name(line)
            if page is None or name in placed or (line.needs and not may(line.needs)):
                continue
            placed.add(name)
            found.append(
                replace(
                    page, name=name, label=pick(line.words) or page.label,
                    group=group.name if group.name != FIRST else "",
                    symbol=line.symbol or page.symbol, heading=pick(group.words), aside=False,
                )
            )  # fmt: skip
    hidden = set(menu.hidden)
    for one in own:
        if one.name in placed or one.aside:
            continue
        if one.name in ALWAYS or (menu.rest and one.name not in hidden):
            found.append(one)
    return found


def as_menu(own: Sequence[Entry], menu: Menu | None) -> Menu:
    """A menu to edit: the one that stands, else the program's own as it is now."""
    if menu is not None:
        return menu.model_copy(deep=True)
    groups: dict[str, MenuGroup] = {}
    for one in own:
        if not one.aside and one.name not in ALWAYS[:1]:
            groups.setdefault(one.group, MenuGroup(name=one.group or FIRST)).entries.append(MenuEntry(page=one.name))
    return Menu(groups=list(groups.values()))


def moved(menu: Menu, group: int, line: int | None, by: int) -> tuple[int, int | None]:
    """Move a heading (`line` is nothing) or a line by one place, a line over its heading's end into the next one. Changes the
    menu; gives where it stands now."""
    if line is None:
        to = min(max(group + by, 0), len(menu.groups) - 1)
        menu.groups.insert(to, menu.groups.pop(group))
        return to, None
    entries = menu.groups[group].entries
    if 0 <= line + by < len(entries):
        entries.insert(line + by, entries.pop(line))
        return group, line + by
    to = group + by
    if not 0 <= to < len(menu.groups):
        return group, line
    target = menu.groups[to].entries
    place = 0 if by > 0 else len(target)
    target.insert(place, entries.pop(line))
    return to, place


def put(menu: Menu, source: tuple[int, int], group: int, place: int) -> tuple[int, int]:
    """Move a line to a place under a heading (drag and drop); gives where it stands now."""
    line = menu.groups[source[0]].entries.pop(source[1])
    if source[0] == group and source[1] < place:
        place -= 1
    entries = menu.groups[group].entries
    place = min(max(place, 0), len(entries))
    entries.insert(place, line)
    return group, place


def free_name(menu: Menu) -> str:
    """A name for a new heading."""
    taken = {group.name for group in menu.groups}
    return next(f"own{n}" for n in range(1, len(taken) + 2) if f"own{n}" not in taken)


def left_out(own: Sequence[Entry], menu: Menu) -> list[Entry]:
    """The pages that stand nowhere in a menu."""
    placed = {line.page for group in menu.groups for line in group.entries if line.kind == PAGE}
    return [one for one in own if one.name not in placed and one.name not in ALWAYS]
