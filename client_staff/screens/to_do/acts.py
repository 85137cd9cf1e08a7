"""What is done from the list: complete, return, hand over, urge, several at once, submit, print. Mixed into the page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QTabBar

from client_staff.app.console import LivePage
from client_staff.screens.to_do import asking
from client_staff.screens.to_do.paper import write_pdf
from client_staff.screens.to_do.preview import Preview
from common.link import Refusal
from common.protocol.deadlines import Ledger
from common.protocol.flows import (
    Acted,
    Approve,
    AskOpinion,
    CaseView,
    GiveOpinion,
    OnCase,
    Reject,
    Return,
    Sign,
    Transfer,
    Urge,
)
from common.protocol.messages import Nothing
from common.protocol.to_do import Startables, Submitted, ToDoItem
from common.qt import dialogs, jobs
from common.qt.table import DataTable
from common.records import Field
from common.text import _, formats, ngettext
from common.text.words import pick


class Acts(LivePage):
    """The acting half of the page."""

    preview: Preview
    table: DataTable
    bulk: QPushButton
    tabs: QTabBar
    _fetch: Callable[[], Coroutine[Any, Any, None]]
    _case_refused: Callable[[Any], None]

    @property
    def _list(self) -> str:
        """Which of the three lists is open."""
        raise NotImplementedError

    def _act(self, verb: str, message: Any, said: str) -> None:
        if self._link.online:
            jobs.start(
                self, self._really, verb, message, said, name="act", refused=self._case_refused, offline=self._refused,
                busy=self.preview.keys["complete"],
            )  # fmt: skip

    async def _really(self, verb: str, message: Any, said: str) -> None:
        await self._link.act(verb, message, Acted)
        self.preview.words.clear()
        self.banner.say(said, "good", seconds=6)
        self.table.setFocus()
        await self._fetch()

    def _typed(self) -> str:
        return self.preview.words.toPlainText().strip()

    def _possible(self, name: str) -> bool:
        return self.preview.keys[name].isEnabled() and not self.preview.keys[name].isHidden()

    def _complete(self) -> None:
        mine = self.preview.mine
        if mine is None or not self._possible("complete"):
            return
        if mine.kind == "opinion":
            if self._needs_words(_("Write your opinion first.")):
                return
            self._act(
                "flows.give_opinion",
                GiveOpinion(step_id=mine.step_id, opinion=self._typed()),
                _("Your opinion was given."),
            )
        elif mine.signature or mine.write or mine.choose:
            jobs.start(self, self._fill_in, mine, name="fill", refused=self._case_refused, offline=self._refused)
        else:
            self._act("flows.approve", Approve(step_id=mine.step_id, opinion=self._typed()), _("Completed."))

    async def _fill_in(self, mine: Any) -> None:
        """What the step wants before it can be completed: values, who is next, the PIN."""
        case = self.preview.case
        assert case is not None
        fields = [
            Field(
                asking.KINDS.get(case.kinds.get(n, ""), "text"), pick(case.labels.get(n, {})) or n, name=f"value_{n}",
                default=case.content.get(n), required=n in mine.required,
            )
            for n in mine.write
            if case.kinds.get(n, "text") in asking.KINDS
        ]  # fmt: skip
        for node in mine.choose:
            words = next((pick(one.name) for one in case.nodes if one.id == node), node)
            fields.append(
                Field("link", _("Who does “{step}”").format(step=words), name=f"who_{node}", link="staff_member")
            )
        if mine.signature == "pin":
            fields.append(Field("text", _("Your PIN"), name="pin", length=40))

        async def send(given: dict[str, Any]) -> Acted:
            values = {one.name[6:]: given.get(one.name) for one in fields if one.name.startswith("value_")}
            chosen = {n: asking.an_id(given[f"who_{n}"]) for n in mine.choose if given.get(f"who_{n}")}
            told = {"step_id": mine.step_id, "opinion": self._typed(), "values": values, "chosen": chosen}
            if mine.signature:
                return await self._link.act("flows.sign", Sign(pin=str(given.get("pin") or ""), **told), Acted)
            return await self._link.act("flows.approve", Approve(**told), Acted)

        if await asking.ask(self, self._desk, _("Complete"), fields, _("Complete"), send) is not None:
            self.preview.words.clear()
            self.banner.say(_("Completed."), "good", seconds=6)
            await self._fetch()

    def _needs_words(self, sentence: str) -> bool:
        if self._typed():
            return False
        self.preview.said.say(sentence, "warn")
        self.preview.words.setFocus()
        return True

    def _return(self) -> None:
        mine = self.preview.mine
        if (
            mine is not None
            and self._possible("return")
            and not self._needs_words(_("Say why it goes back, then press again."))
        ):
            self._act("flows.return_", Return(step_id=mine.step_id, opinion=self._typed()), _("Returned."))

    def _reject(self) -> None:
        mine = self.preview.mine
        if (
            mine is not None
            and self._possible("reject")
            and not self._needs_words(_("Say why it is refused, then press again."))
        ):
            self._act("flows.reject", Reject(step_id=mine.step_id, opinion=self._typed()), _("Refused."))

    def _hand_over(self) -> None:
        mine = self.preview.mine
        if mine is not None and self._possible("hand_over"):
            jobs.start(
                self,
                self._ask_person,
                mine.step_id,
                False,
                name="hand",
                refused=self._case_refused,
                offline=self._refused,
            )

    def _ask_opinion(self) -> None:
        mine = self.preview.mine
        if mine is not None and self._possible("ask"):
            jobs.start(
                self,
                self._ask_person,
                mine.step_id,
                True,
                name="hand",
                refused=self._case_refused,
                offline=self._refused,
            )

    async def _ask_person(self, step_id: UUID, opinion: bool) -> None:
        title = _("Ask for an opinion") if opinion else _("Hand over")

        async def send(given: dict[str, Any]) -> Acted:
            who, words = asking.an_id(given["person_id"]), str(given.get("opinion") or "")
            if opinion:
                return await self._link.act(
                    "flows.ask_opinion", AskOpinion(step_id=step_id, people=[who], opinion=words), Acted
                )
            return await self._link.act(
                "flows.transfer", Transfer(step_id=step_id, person_id=who, opinion=words), Acted
            )

        fields = [asking.person(_("To whom")), asking.words(_("Your words"), needed=opinion)]
        if await asking.ask(self, self._desk, title, fields, title, send) is not None:
            self.banner.say(_("Asked.") if opinion else _("Handed over."), "good", seconds=6)
            await self._fetch()

    def _urge(self) -> None:
        case = self.preview.case
        if case is not None and self._possible("urge"):
            me = self._link.me
            supervises = me is not None and "flows.supervise" in me.permissions
            verb = "flows.supervise" if supervises else "flows.urge"
            self._act(verb, Urge(case_id=case.id, message=self._typed()), _("Urged. It stands in the case's path."))

    def _withdraw(self) -> None:
        case = self.preview.case
        if case is not None and self._possible("withdraw"):
            jobs.start(
                self, self._really_withdraw, case, name="withdraw", refused=self._case_refused, offline=self._refused
            )

    async def _really_withdraw(self, case: CaseView) -> None:
        if await dialogs.ask(
            self, _("Withdraw this case?"), pick(case.name), _("Withdraw"), _("Leave it"), dangerous=True
        ):
            await self._really("flows.withdraw", OnCase(case_id=case.id, opinion=self._typed()), _("Withdrawn."))

    # several at once

    def _chosen_bulk(self) -> list[ToDoItem]:
        return (
            [one for one in self.table.chosen() if one.bulk and one.step_id is not None] if self._list == "todo" else []
        )

    def _complete_all(self) -> None:
        if self._link.online and len(self._chosen_bulk()) > 1:
            jobs.start(
                self,
                self._really_all,
                self._chosen_bulk(),
                name="bulk",
                refused=self._refused,
                offline=self._refused,
                busy=self.bulk,
            )

    async def _really_all(self, chosen: list[ToDoItem]) -> None:
        """One after the other, each whole by itself: what somebody else did meanwhile is named, the others are done."""
        names = "\n".join(pick(one.name) for one in chosen[:12]) + ("\n…" if len(chosen) > 12 else "")
        title = ngettext("Complete {count} case?", "Complete {count} cases?", len(chosen)).format(
            count=formats.number(len(chosen))
        )
        if not await dialogs.ask(self, title, names, _("Complete"), _("Leave them")):
            return
        done, no = 0, ""
        for one in chosen:
            assert one.step_id is not None
            try:
                await self._link.act("flows.approve", Approve(step_id=one.step_id), Acted)
                done += 1
            except Refusal as why:
                no = f"{pick(one.name)}: {why.sentence}"
        said = ngettext("{count} completed.", "{count} completed.", done).format(count=formats.number(done))
        self.banner.say(f"{said} {no}".strip(), "warn" if no else "good", seconds=None if no else 6)
        await self._fetch()

    # further

    def _submit(self) -> None:
        if self._link.online:
            jobs.start(self, self._really_submit, name="submit", refused=self._refused, offline=self._refused)

    async def _really_submit(self) -> None:
        offered = await self._link.read("to_do.startable", Nothing(), Startables)
        if not offered.items:
            self.banner.say(_("Nothing can be submitted yet: no flow is published."), "warn", seconds=8)
            return
        found = await asking.start(self, self._desk, offered)
        if isinstance(found, Submitted):
            self.banner.say(_("Submitted as {number}.").format(number=found.number), "good", seconds=8)
            await self._fetch()
        elif found is not None:
            self._desk.open_page(f"records.{found.subject}")

    def _open_record(self) -> None:
        case = self.preview.case
        if case is not None and case.subject and case.subject_id is not None:
            self._desk.show_record(case.subject, str(case.subject_id))

    def _pdf(self) -> None:
        if self.preview.case is not None:
            jobs.start(self, self._really_pdf, self.preview.case, self.preview.ledger, name="pdf")

    async def _really_pdf(self, case: CaseView, ledger: Ledger | None) -> None:
        file = await dialogs.save_path(self, _("The case as PDF"), f"{case.number}.pdf")
        if file is not None:
            write_pdf(case, ledger, self._desk.reader.zone, file)
            self.banner.say(_("Saved as {file}.").format(file=file.name), "good", seconds=6)
