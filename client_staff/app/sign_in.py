"""Signing in: name and password, one sentence when it fails; then whatever must come first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from client_staff.app.sign_in_providers import AtBrowser, BrowserStep, ProviderKeys
from client_staff.app.sign_in_steps import KeptStep, PhoneStep, Step
from common.link import Link, Offline, Refusal
from common.link.browser import PortTaken
from common.protocol.access import FinishAtProvider, ProviderOffer, SignedIn, SignInWays
from common.protocol.messages import Nothing
from common.protocol.people import (
    ChangePassword,
    ConfirmSecondFactor,
    PasswordChanged,
    RecoveryCodes,
    SecondFactor,
)
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import Banner, ClockLabel, FitLabel, Icon
from common.qt.widgets.hall_header import LEADING
from common.text import _
from common.text.words import pick


class Side(QWidget):
    """Which hall this is, and what time it is there."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self.setFixedWidth(288)
        self.name = FitLabel(
            largest=22, smallest=15, lines=3, bold=True, tone="on_accent", align=LEADING, name="hall_name"
        )
        self.clock = ClockLabel(link.now, largest=34, bold=True, tone="on_accent", align=LEADING)
        self.date = ClockLabel(link.now, date=True, largest=14, tone="on_accent", align=LEADING, name="date")
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 24, 32)
        column.addWidget(Icon("hall", 48, "on_accent"))
        column.addSpacing(16)
        self.name.setFixedHeight(96)
        column.addWidget(self.name)
        column.addStretch(1)
        column.addWidget(self.clock)
        column.addWidget(self.date)

    def refresh(self) -> None:
        """The hall became known, or the language changed."""
        health = self._link.health
        if health is not None:
            self.name.setText(pick(health.names) or health.name)
            self.clock.zone = self.date.zone = health.zone
        self.clock.refresh()
        self.date.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens.accent))


class SignInPage(QWidget):
    """`done(signed)` when somebody has come: after the password also what must come before anything else is permitted."""

    def __init__(self, link: Link, done: Callable[[SignedIn], None]) -> None:
        super().__init__()
        self.setObjectName("sign_in_page")
        self._link = link
        self._done = done
        self._signed: SignedIn | None = None
        """Who has given the password but must do something first."""
        self._ways = SignInWays()
        self._at_browser: tuple[AtBrowser, jobs.Job] | None = None
        self._finishing: FinishAtProvider | None = None
        """What came back from the browser, where the phone's code was missing still."""
        self.side = Side(link)
        self.title = QLabel()
        self.title.setObjectName("sign_in_title")
        self.title.setFont(theme.font(22, bold=True))
        self.phone, self.kept = PhoneStep(self._submit), KeptStep(self._submit)
        self.browser = BrowserStep(self._submit)
        self.providers = ProviderKeys(self._to_provider)
        self.steps = {
            "password": Step("password", ("name", "password"), self._submit),
            "pin": Step("pin", ("pin_name", "pin"), self._submit),
            "card": Step("card", ("card",), self._submit),
            "code": Step("code", ("code",), self._submit),
            "new": Step("new", ("new_password", "again"), self._submit),
            "phone": self.phone,
            "kept": self.kept,
            "browser": self.browser,
        }
        self.name, self.password = (self.steps["password"].fields[n] for n in ("name", "password"))
        first = self.steps["password"].column
        first.insertWidget(first.count() - 1, self.providers)
        self.stack = QStackedWidget()
        for step in self.steps.values():
            self.stack.addWidget(step)
        self.key = self._button("sign_in", "primary", self._submit)
        self.back = self._button("sign_in_back", "plain", self._go_back)
        self.by_pin = self._button("sign_in_by_pin", "plain", lambda: self._go("pin"))
        self.by_card = self._button("sign_in_by_card", "plain", lambda: self._go("card"))
        self.banner = Banner(14, name="sign_in_refused")
        card = QFrame()
        card.setProperty("card", True)
        card.setFixedSize(760, 480)
        keys = QHBoxLayout()
        keys.setSpacing(8)
        for button in (self.back, self.by_pin, self.by_card):
            keys.addWidget(button)
        keys.addStretch(1)
        keys.addWidget(self.key)
        fields = QVBoxLayout()
        fields.setContentsMargins(32, 32, 32, 32)
        fields.setSpacing(8)
        fields.addWidget(self.title)
        fields.addSpacing(8)
        fields.addWidget(self.stack, 1)
        fields.addWidget(self.banner)
        fields.addLayout(keys)
        row = QHBoxLayout(card)
        row.setContentsMargins(1, 1, 1, 1)
        row.addWidget(self.side)
        row.addLayout(fields, 1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.say_again()
        self._show("password")

    def _button(self, name: str, kind: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        button.setProperty("kind", kind)
        button.setMinimumHeight(36)
        button.clicked.connect(act)
        return button

    # from outside

    def begin(self, name: str, sentence: str) -> None:
        """Somebody is to sign in; `sentence` says why again."""
        self.side.refresh()
        self._forget()
        if name:
            self.name.setText(name)
        self._show("password")
        self.banner.say(sentence, "warn")
        jobs.start(
            self, self._link.sign_in_ways, name="ways", done=self._know_ways,
            refused=lambda _why: None, offline=lambda _why: None,
        )  # fmt: skip

    def say_again(self) -> None:
        """The reader's language changed."""
        self.side.refresh()
        says = {step: one.say for step, one in self.steps.items()}
        says["password"]("", _("Sign-in name"), _("Password"))
        says["pin"](_("Your PIN serves after you have given your password once today."), _("Sign-in name"), _("PIN"))
        says["card"](_("Hold your card to the reader."), _("Card"))
        says["code"](
            _("Your account asks for a code as well. Without the phone, type one of your recovery codes."),
            _("Code on your phone"),
        )
        says["new"](
            _("The password that you were given serves this once. Choose your own; nobody else shall know it."),
            _("New password"), _("New password again"),
        )  # fmt: skip
        says["phone"](
            _("Your account needs a code of your phone. Open its authenticator program and take this picture."),
            _("Code on your phone"),
        )
        self.phone.typed.setText(_("Or type this key:"))
        says["kept"](
            _("Each of these codes serves once, should the phone be lost. Write them down; they are not shown again.")
        )
        says["browser"](
            _("Go on in the browser that has opened. When you are done there, this window goes on by itself.")
        )
        self.providers.say_again()
        self.by_pin.setText(_("Use a PIN"))
        self.by_card.setText(_("Use a card"))
        self.back.setText(_("Back"))
        self._say_step()

    # which step

    @property
    def step(self) -> Step:
        """What is asked for now."""
        return self.stack.currentWidget()  # type: ignore[return-value]

    def _go(self, name: str) -> None:
        self.banner.hide()
        self._show(name)

    def _show(self, name: str) -> None:
        self.stack.setCurrentWidget(self.steps[name])
        if name == "pin" and not self.steps["pin"].value("pin_name"):
            self.steps["pin"].fields["pin_name"].setText(self.name.text().strip())
        first = name == "password"
        self.back.setVisible(not first and name != "kept")
        self.by_pin.setVisible(first and self._ways.pin)
        self.by_card.setVisible(first and self._ways.card)
        self._say_step()
        QTimer.singleShot(0, self, self.step.focus if self.step.fields else self.key.setFocus)

    def _say_step(self) -> None:
        titles = {
            "code": _("Confirm that it is you"), "new": _("Choose a password"), "phone": _("Set up your phone"),
            "kept": _("Keep these codes"), "browser": _("Sign in with your browser"),
        }  # fmt: skip
        keys = {
            "new": _("Save and sign in"), "phone": _("Confirm"), "kept": _("I have written them down"),
            "browser": _("Open the page again"),
        }  # fmt: skip
        self.title.setText(titles.get(self.step.name, _("Sign in")))
        self.key.setText(keys.get(self.step.name, _("Sign in")))

    def _go_back(self) -> None:
        self._forget()
        self._go("password")

    def _forget(self) -> None:
        self._signed = self._finishing = None
        if self._at_browser is not None:
            self._at_browser[1].cancel()
            self._at_browser = None
        for step in self.steps.values():
            step.clear()

    def _know_ways(self, ways: SignInWays) -> None:
        self._ways = ways
        first = self.step.name == "password"
        self.by_pin.setVisible(first and ways.pin)
        self.by_card.setVisible(first and ways.card)
        if ways.providers != self.providers.offers:
            self.providers.show_offers(ways.providers)

    # through a provider

    def _to_provider(self, offer: ProviderOffer) -> None:
        """The person chose a provider: its page opens in the browser."""
        former = self._at_browser[1] if self._at_browser is not None else None
        self._forget()
        self._go("browser")
        way = AtBrowser(self._link, offer)
        job = jobs.start(self, self._through, way, former, refused=self._refused, offline=self._offline)
        self._at_browser = (way, job)

    async def _through(self, way: AtBrowser, former: jobs.Job | None) -> None:
        try:
            if former is not None:
                await former.ended()  # it may hold the port still
            self._finishing = await way.go(lambda opened: self._page_opened(way, opened))
            self._at_browser = None
            self.window().activateWindow()
            self.window().raise_()
            self._came(await self._link.finish_at_provider(self._finishing))
        except PortTaken:
            self._back_to_password(
                _("Another program of this PC stands where the browser should come back to. Close it and try again.")
            )
        except TimeoutError:
            self._back_to_password(_("Nothing came back from the browser. Begin again."))
        except (Refusal, Offline) as why:
            if not isinstance(why, Refusal) or why.code != "access.code_needed":
                self._go("password")
            raise

    def _back_to_password(self, sentence: str) -> None:
        self._at_browser = None
        self._go("password")
        self.banner.say(sentence, "warn")

    def _page_opened(self, way: AtBrowser, opened: bool) -> None:
        if not opened and way.begun is not None:
            self.browser.show_address(way.begun.address)

    # what happens

    def _submit(self) -> None:
        step = self.step
        empty = step.lacking()
        if empty is not None:
            self.banner.say(
                _("Please enter name and password.") if step.name == "password" else _("Please fill in every field."),
                "warn",
            )
            empty.setFocus()
            return
        if step.name == "new" and step.value("new_password") != step.value("again"):
            self.banner.say(_("The two passwords differ."), "warn")
            step.fields["again"].selectAll()
            step.fields["again"].setFocus()
            return
        self.banner.hide()
        if step.name == "browser":
            if self._at_browser is not None:
                jobs.start(self, self._at_browser[0].again, name="open again", busy=self.key)
            return
        jobs.start(
            self, self._proceed, step, name="sign in", busy=self.key, refused=self._refused, offline=self._offline,
        )  # fmt: skip

    async def _proceed(self, step: Step) -> None:
        """Do what this step is for; a refusal leaves everything typed where it is."""
        name, password = self.name.text().strip(), self.password.text()
        if step.name in ("password", "code"):
            code = self.steps["code"].value("code") if step.name == "code" else ""
            if code and self._finishing is not None:
                again = self._finishing.model_copy(update={"answer": "", "code": code})
                self._came(await self._link.finish_at_provider(again))
                return
            self._came(await self._link.sign_in(name, password, code))
        elif step.name == "pin":
            self._came(await self._link.sign_in_short(name=step.value("pin_name"), pin=step.value("pin")))
        elif step.name == "card":
            self._came(await self._link.sign_in_short(card=step.value("card")))
        elif self._signed is None:
            self._go_back()
        elif step.name == "new":
            change = ChangePassword(present=password, password=step.value("new_password"))
            changed = await self._link.ask_as(self._signed, "people.change_password", change, PasswordChanged)
            self._came(
                self._signed.model_copy(
                    update={
                        "must_change_password": False, "must_set_second_factor": changed.must_set_second_factor,
                    }
                ),
                entered=False,
            )  # fmt: skip
        elif step.name == "phone":
            secret = self.phone.secret.text().replace(" ", "")
            confirm = ConfirmSecondFactor(secret=secret, code=step.value("phone_code"))
            given = await self._link.ask_as(self._signed, "people.confirm_second_factor", confirm, RecoveryCodes)
            self.kept.show_codes(given.codes)
            self._go("kept")
        else:
            self._finish(self._signed, entered=False)

    def _came(self, signed: SignedIn, *, entered: bool = True) -> None:
        """The server has accepted what was given; perhaps something must come first."""
        self._signed = signed
        if signed.must_change_password:
            self._go("new")
        elif signed.must_set_second_factor:
            jobs.start(
                self, self._begin_phone, signed, name="phone", busy=self.key, refused=self._refused, offline=self._offline,
            )  # fmt: skip
        else:
            self._finish(signed, entered=entered)

    async def _begin_phone(self, signed: SignedIn) -> None:
        made = await self._link.ask_as(signed, "people.begin_second_factor", Nothing(), SecondFactor)
        self.phone.show_key(made.uri, made.secret)
        self._go("phone")

    def _finish(self, signed: SignedIn, *, entered: bool) -> None:
        self._forget()
        if not entered:
            self._link.enter(signed)
        self._done(signed)

    def _refused(self, why: Refusal) -> None:
        if why.code == "access.code_needed":
            self._go("code")
            return
        self.banner.say(why.sentence, "bad")
        last = next(reversed(self.step.fields.values()), None)
        if last is not None:
            last.selectAll()
            last.setFocus()

    def _offline(self, why: Offline) -> None:
        self.banner.say(why.sentence, "warn")
