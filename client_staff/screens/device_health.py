"""How a device is, in words: from its last heartbeat. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.devices import device_health, printer_health
from common.protocol.devices import DeviceCard
from common.text import N_, _, formats, ngettext

PARTS = {
    "sign": N_("Sign"),
    "pagers": N_("Pagers"),
    "card_reader": N_("Card reader"),
    "scanner": N_("Scanner"),
    "printer": N_("Printer"),
}
WELL = ("ok", "ready", "")
WARNS = ("paper_low", "starting", "listening", "sending")


def state(device: DeviceCard) -> tuple[str, str, str]:
    """The words of a device's state, their tone and symbol."""
    if device.restarting:
        return _("restarting"), "warn_strong", "offline"
    if not device.online:
        return (_("away") if device.last_seen else _("never seen")), "warn_strong", "offline"
    if device.state in WELL:
        return _("here"), "good_strong", "online"
    return _short(device.state), "warn_strong" if device.state in WARNS else "bad_strong", "online"


def lines(device: DeviceCard) -> list[tuple[str, str]]:
    """Everything that it told of its parts: what, and a sentence, worst things first."""
    found: list[tuple[bool, str, str]] = []
    for name, told in device.facts.items():
        if name in PARTS:
            code = told.get("state", "") if isinstance(told, dict) else str(told)
            found.append((code not in WELL, _(PARTS[name]), " ".join(_part(name, code, told))))
    waiting = int(device.facts.get("outbox", 0) or 0)
    if waiting:
        words = ngettext("{count} fact waits to be sent.", "{count} facts wait to be sent.", waiting)
        found.append((True, _("Waiting"), words.format(count=formats.number(waiting))))
    refused = int(device.facts.get("not_entered", 0) or 0)
    if refused:
        words = ngettext("{count} printed ticket was not taken.", "{count} printed tickets were not taken.", refused)
        found.append((True, _("Not taken"), words.format(count=formats.number(refused))))
    return [(what, sentence) for _bad, what, sentence in sorted(found, key=lambda one: not one[0])]


def _part(name: str, code: str, told: Any) -> list[str]:
    known: Mapping[Any, str] = printer_health.SENTENCES if name == "printer" else device_health.SENTENCES
    words = [_(known[code])] if code in known else [code]
    if isinstance(told, dict):
        others = [one for one in told.get("troubles", ()) if one != code and one in known]
        words += [_(known[one]) for one in others]
        words += [str(told[key]) for key in ("detail", "address") if told.get(key)]
    return words


SHORT = {
    "paper_low": N_("paper low"),
    "paper_out": N_("no paper"),
    "cover_open": N_("cover open"),
    "jam": N_("jammed"),
    "broken": N_("fault"),
    "offline": N_("printer silent"),
    "no_device": N_("no device"),
    "unplugged": N_("unplugged"),
    "silent": N_("silent"),
    "trouble": N_("fault"),
    "starting": N_("starting"),
    "listening": N_("here"),
    "sending": N_("here"),
}


def _short(code: str) -> str:
    return _(SHORT[code]) if code in SHORT else code
