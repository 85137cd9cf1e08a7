"""A picture for layouts of tickets and displays: chosen, looked at, put into the file store where all devices may read it."""

from __future__ import annotations

import asyncio
from uuid import UUID

from PySide6.QtWidgets import QWidget

from common.devices.ticket_picture import MOST_BYTES, MOST_SIDE, fault
from common.link import Link
from common.qt import dialogs
from common.text import _, formats

KINDS = "*.png *.jpg *.jpeg"


async def choose_picture(parent: QWidget, link: Link) -> tuple[UUID, bytes] | str | None:
    """Its id and bytes; a sentence where it cannot be taken; nothing when the person thinks better of it.
    Raises Refusal or Offline of the file store."""
    path = await dialogs.open_path(parent, _("Choose a picture"), f"{_('Pictures')} ({KINDS})")
    if path is None:
        return None
    try:
        if (await asyncio.to_thread(path.stat)).st_size > MOST_BYTES:
            return _too_large(path.name)
        content = await asyncio.to_thread(path.read_bytes)
    except OSError as failure:
        return _("{name} could not be read: {why}").format(name=path.name, why=failure.strerror)
    wrong = await asyncio.to_thread(fault, content)
    if wrong == "kind":
        return _("{name} is no picture. Choose a PNG or JPEG file.").format(name=path.name)
    if wrong == "large":
        return _too_large(path.name)
    return UUID(await link.records.send_file(path.name, content, public=True)), content


def _too_large(name: str) -> str:
    return _("{name} is too large: at most {kilobytes} kB and {side} pixels to a side. Save it smaller.").format(
        name=name, kilobytes=formats.number(MOST_BYTES >> 10), side=formats.number(MOST_SIDE)
    )
