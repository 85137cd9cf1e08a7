"""Step 6: the first devices, by the same page on which devices join later."""

from __future__ import annotations

from client_staff.app.setup.step import Step
from client_staff.screens.devices import DevicesPage
from common.link import Link
from common.protocol.messages import Nothing
from common.protocol.setup import PassStep
from common.text import _


class DevicesStep(Step):
    """Who asks to join, with six digits to compare."""

    name = "devices"

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self.page = DevicesPage(link)
        self.page.title.hide()
        layout = self.page.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, 0, 0)
        self.page.table.setColumnHidden(4, True)  # the last word says nothing on the first day
        for place, width in ((0, 120), (2, 140), (3, 110)):
            self.page.table.setColumnWidth(place, width)
        self.column.addWidget(self.page, 1)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Which devices stand in the hall?"))
        self.about.setText(
            _("Switch on a kiosk, a display or a pad: it finds the server by itself and shows six digits to compare.")
        )
        self.page.say_again()

    def first_focus(self) -> None:
        """The list begins to watch."""
        self.page.begin()
        self.page.setFocus()

    def stop(self) -> None:
        """It watches no more."""
        self.page.stop()

    async def save(self) -> None:
        """Devices joined as they were accepted; only that the step was passed is kept."""
        await self.link.act("organisation.pass_step", PassStep(step=self.name), Nothing)
