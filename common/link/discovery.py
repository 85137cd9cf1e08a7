"""Finding servers on the LAN by zeroconf."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from zeroconf import InterfaceChoice, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from common.protocol import discovery as names
from common.protocol.discovery import GROUP_VARIABLE, LOOPBACK, SERVICE_TYPE, WHERE_VARIABLE

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A server that announces itself. Nothing of it is proven yet."""

    server_id: UUID
    name: str
    urls: tuple[str, ...]
    """One for each of its networks, wired or wireless; not each can be reached from here."""

    @property
    def url(self) -> str:
        """The first."""
        return self.urls[0]

    def after(self, url: str | None) -> str:
        """The way to try when `url` did not answer: the next one, round and round."""
        return self.urls[(self.urls.index(url) + 1) % len(self.urls)] if url in self.urls else self.url


class Discovery:
    """Servers seen on the LAN, until closed. `changed` is called in the loop's thread."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._found: dict[str, Found] = {}
        self._zeroconf: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._asking: set[asyncio.Task[None]] = set()
        self._group = os.environ.get(GROUP_VARIABLE, "")

    @property
    def found(self) -> list[Found]:
        """By name."""
        return sorted(self._found.values(), key=lambda one: (one.name, str(one.server_id)))

    async def open(self) -> None:
        """Begin to look. Raises OSError where there is no network at all."""
        if self._zeroconf is not None:
            return
        if os.environ.get(WHERE_VARIABLE) == LOOPBACK:
            self._zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
        else:
            self._zeroconf = AsyncZeroconf(interfaces=InterfaceChoice.Default)
        self._browser = AsyncServiceBrowser(self._zeroconf.zeroconf, [SERVICE_TYPE], handlers=[self._heard])

    async def close(self) -> None:
        """Look no more."""
        for task in self._asking:
            task.cancel()
        browser, self._browser = self._browser, None
        zeroconf, self._zeroconf = self._zeroconf, None
        if browser is not None:
            await browser.async_cancel()
        if zeroconf is not None:
            await zeroconf.async_close()
        self._found.clear()

    def _heard(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            if self._found.pop(name, None) is not None:
                self._changed()
            return
        task = asyncio.get_running_loop().create_task(self._look(zeroconf, service_type, name), name="look at a server")
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _look(self, zeroconf: Zeroconf, service_type: str, name: str) -> None:
        info = AsyncServiceInfo(service_type, name)
        if not await info.async_request(zeroconf, 3000):
            return
        one = read(info, self._group)
        if one is not None and self._found.get(name) != one:
            log.info("found %s at %s", one.name, one.url)
            self._found[name] = one
            self._changed()


def read(info: AsyncServiceInfo, group: str) -> Found | None:
    """What an announcement says; nothing when it is not readable or belongs to another group of programs."""
    facts = {
        key.decode("utf-8", "replace"): (value or b"").decode("utf-8", "replace")
        for key, value in info.properties.items()
    }
    if facts.get(names.GROUP, "") != group:
        return None
    addresses = info.parsed_addresses(IPVersion.V4Only) or info.parsed_addresses(IPVersion.V6Only)
    if not addresses or info.port is None:
        return None
    try:
        server_id = UUID(facts.get(names.ID, ""))
    except ValueError:
        return None
    hosts = [f"[{one}]" if ":" in one else one for one in addresses]
    scheme = "http" if facts.get(names.SCHEME) == "http" else "https"
    # QUE-058: a server on the wired and the wireless network names an address of each.
    urls = tuple(f"{scheme}://{host}:{info.port}" for host in dict.fromkeys(hosts))
    return Found(server_id, facts.get(names.NAME, "") or hosts[0], urls)
