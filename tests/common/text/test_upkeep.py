"""Gathering texts of a source tree into catalogues and finding what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.text.check import faults, placeholders
from common.text.extract import gather, home_of, write_catalogues
from common.text.fill import fill


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write(tmp_path / "common/qt/dialogs.py", '_("Cancel")\n')
    write(tmp_path / "client_kiosk/tickets/page.py", '_("Cancel")\n_("Take a ticket")\n')
    write(
        tmp_path / "server/modules/queue/actions.py",
        '# Translators: said by the counter\n_("{number} is called")\n'
        'ngettext("{n} waits", "{n} wait", n)\npgettext("state", "open")\nN_("Ticket")\n',
    )
    write(tmp_path / "server/portal/templates/ticket.html", "<p>{{ _('Your place') }}</p>")
    return tmp_path


def done(tree: Path) -> None:
    write_catalogues(tree)
    fill(
        tree,
        {
            code: {
                "Cancel": "1", "Take a ticket": "2", "{number} is called": "{number} 3", "Ticket": "5",
                "Your place": "6", "state\x04open": "7", "{n} waits": ["{n}"] * forms,
            }
            for code, forms in (("zh", 1), ("ru", 3), ("fa", 2))
        },
    )  # fmt: skip


def test_texts_go_to_the_folder_that_owns_them(tree: Path) -> None:
    texts = {
        folder.relative_to(tree).as_posix(): sorted(key[1] for key in found) for folder, found in gather(tree).items()
    }
    assert texts == {
        "client_kiosk": ["Take a ticket"],  # `Cancel` stands in common, which every program reads
        "common/qt": ["Cancel"],
        "server/modules/queue": ["Ticket", "open", "{number} is called", "{n} waits"],
        "server/portal": ["Your place"],
    }


def test_nearest_folder_with_catalogues_wins(tree: Path) -> None:
    (tree / "client_kiosk/tickets/locale").mkdir()
    assert home_of(tree / "client_kiosk/tickets/page.py", tree) == tree / "client_kiosk/tickets"
    assert home_of(tree / "server/app.py", tree) == tree / "server"
    assert home_of(tree / "server/engine/http/errors.py", tree) == tree / "server/engine/http"


def test_a_second_run_changes_nothing(tree: Path) -> None:
    assert len(write_catalogues(tree)) == 12
    assert write_catalogues(tree) == []
    done(tree)
    assert write_catalogues(tree) == []
    assert faults(tree) == []
    text = (tree / "server/modules/queue/locale/ru.po").read_text("utf-8")
    assert "Date" not in text and ":1" not in text and "said by the counter" in text


def test_translations_stay_and_move_with_their_text(tree: Path) -> None:
    done(tree)
    write(tree / "client_kiosk/tickets/page.py", '_("Print")\n')
    write(tree / "common/qt/more.py", '_("Take a ticket")\n')
    write_catalogues(tree)
    assert {fault.text for fault in faults(tree)} == {"Print"}
    assert 'msgid "Take a ticket"\nmsgstr "2"' in (tree / "common/qt/locale/zh.po").read_text("utf-8")
    (tree / "client_kiosk/tickets/page.py").unlink()
    write_catalogues(tree)
    assert faults(tree) == [] and not (tree / "client_kiosk/locale/zh.po").exists()


@pytest.mark.parametrize(
    ("catalogue", "old", "new", "what"),
    [
        ("common/qt/locale/zh.po", 'msgstr "1"', 'msgstr ""', "untranslated"),
        ("common/qt/locale/zh.po", 'msgid "Cancel"', '#, fuzzy\nmsgid "Cancel"', "fuzzy"),
        ("common/qt/locale/zh.po", 'msgid "Cancel"', 'msgid "Other"', "not in the catalogue"),
        ("common/qt/locale/zh.po", 'msgstr "1"', 'msgstr "1 {name}"', "unknown placeholder name"),
        ("common/qt/locale/zh.po", 'msgstr "1"', 'msgstr "1 "', "white space"),
        ("common/qt/locale/zh.po", "plural=0", "plural=(n > 1)", "another plural rule"),
        ("server/modules/queue/locale/fa.po", 'msgstr "{number} 3"', 'msgstr "3"', "lost placeholder number"),
        ("server/modules/queue/locale/ru.po", 'msgstr[2] "{n}"', 'msgstr[2] "n"', "lost placeholder n"),
        ("server/modules/queue/locale/ru.po", 'msgstr[2] "{n}"\n', "", "untranslated"),
    ],
)
def test_faults_are_named(tree: Path, catalogue: str, old: str, new: str, what: str) -> None:
    done(tree)
    path = tree / catalogue
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert any(what in fault.what and fault.place == catalogue for fault in faults(tree))


def test_text_that_no_extraction_finds(tree: Path) -> None:
    done(tree)
    write(tree / "common/qt/dialogs.py", '_("Cancel")\n_(f"Ticket {number}")\n')
    assert [str(fault) for fault in faults(tree)] == [
        "common/qt/dialogs.py:2: _() needs a plain string, filled in afterwards"
    ]


def test_a_catalogue_that_is_no_catalogue(tree: Path) -> None:
    done(tree)
    (tree / "common/qt/locale/zh.po").write_text("Cancel means cancel", "utf-8")
    assert any("unreadable" in fault.what for fault in faults(tree))


def test_placeholders() -> None:
    assert placeholders("{a} and {b:>3} {{c}} %(d)s %s 5%% 20 % of") == ["a", "b", "d", "s"]
