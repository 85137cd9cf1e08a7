"""A report of the server into a file that the person names."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtWidgets import QWidget

from common.link import Link
from common.qt import dialogs
from common.qt.widgets import Banner
from common.text import _


async def save_workbook(
    owner: QWidget, banner: Banner, link: Link, report: str, asked: dict[str, Any], title: str, name: str
) -> None:
    """Ask where under `title`, read the report as Excel, write it; `banner` says where it stands, or why not. Raises
    Refusal or Offline."""
    path = await dialogs.save_path(owner, title, name)
    if path is None:
        return
    content = await link.report(report, asked, "xlsx")
    try:
        await asyncio.to_thread(path.write_bytes, content)
    except OSError as failure:
        banner.say(_("{name} could not be written: {why}").format(name=path.name, why=failure.strerror), "bad")
        return
    banner.say(_("Saved as {name}.").format(name=str(path)), "good", seconds=10)
