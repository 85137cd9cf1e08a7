"""One's own figures of today."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from client_staff.app.panel import Panel
from client_staff.counter.counter import Counter
from common.link import View
from common.protocol.messages import Nothing
from common.protocol.queue_day import OwnDay
from common.qt.theme import theme
from common.text import _, formats

EVERY = 60.0
GOOD = ("very_satisfied", "satisfied")


class MyDay(Panel):
    """Served, times, ratings, pauses; follows the window's notices."""

    ROWS = ("served", "matters", "mean", "longest", "satisfied", "no_show", "transferred", "pauses")

    def __init__(self, counter: Counter) -> None:
        super().__init__("my_day")
        self._counter = counter
        topics = [f"queue.window.{counter.window_id}", f"evaluation.window.{counter.window_id}"]
        self.view: View[OwnDay] = View(counter.link, "queue.mine", Nothing(), OwnDay, topics, every=EVERY)
        self.view.on_change(self.refresh)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(16, 0, 16, 10)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        self.names: dict[str, QLabel] = {}
        self.values: dict[str, QLabel] = {}
        for place, name in enumerate(self.ROWS):
            label, value = QLabel(), QLabel("–")
            label.setProperty("tone", "second")
            value.setObjectName(f"my_day_{name}")
            value.setFont(theme.font(14, bold=True))
            value.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            # Two columns of figures: the panel stays low beside the called list.
            grid.addWidget(label, place // 2, 3 * (place % 2))
            grid.addWidget(value, place // 2, 3 * (place % 2) + 1)
            self.names[name], self.values[name] = label, value
        grid.setColumnMinimumWidth(2, 24)
        grid.setColumnStretch(3, 1)
        self.put(inside)
        self.view.start()
        self.say_again()

    def stop(self) -> None:
        """Watch no more."""
        self.view.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("My day"))
        captions = (
            _("Served"), _("Matters"), _("Average"), _("Longest"), _("Satisfied"), _("No-show"), _("Transferred"), _("Pauses"),
        )  # fmt: skip
        for name, caption in zip(self.ROWS, captions, strict=True):
            self.names[name].setText(caption)
        self.refresh()

    def refresh(self) -> None:
        """Show what was read."""
        day = self.view.value
        if day is None:
            return
        rated = sum(count for grade, count in day.grades.items() if grade != "none")
        good = sum(day.grades.get(grade, 0) for grade in GOOD)
        pauses = f"{formats.number(day.pauses)}, {formats.duration(day.paused_seconds)}" if day.pauses else ""
        shown = {
            "served": formats.number(day.served),
            "matters": formats.number(day.matters),
            "mean": _time(day.mean_service_seconds),
            "longest": _time(day.longest_service_seconds),
            "satisfied": _("{count} of {all}").format(count=formats.number(good), all=formats.number(rated))
            if rated
            else "–",
            "no_show": formats.number(day.no_show),
            "transferred": formats.number(day.transferred),
            "pauses": pauses or formats.number(0),
        }
        for name, text in shown.items():
            self.values[name].setText(text)
        link = self._counter.link
        zone = link.health.zone if link.health is not None else "UTC"
        self.count.setText(
            "" if self.view.fresh or self.view.at is None
            else _("As of {time}").format(time=formats.time(self.view.at, zone))
        )  # fmt: skip


def _time(seconds: int | None) -> str:
    return formats.stopwatch(seconds) if seconds is not None else "–"
