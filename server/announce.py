"""Announces the server on the hall's LAN by zeroconf, so that programs find it without configuration.

Nothing is proven by it: whoever joins compares six digits, whoever has joined knows the hall's authority.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import threading
from uuid import UUID

import ifaddr
from zeroconf import Error as ZeroconfError
from zeroconf import InterfaceChoice, IPVersion, ServiceInfo, Zeroconf

from common.protocol import discovery as names
from common.protocol.messages import PROTOCOL

log = logging.getLogger(__name__)


class Announcement:
    """This server's name on the LAN, until `close`. A LAN that takes no announcement is logged and does no harm."""

    def __init__(self, server_id: UUID, hall: str, addresses: list[str], port: int, *, encrypted: bool) -> None:
        self._zeroconf: Zeroconf | None = None
        self._info: ServiceInfo | None = None
        self._thread: threading.Thread | None = None
        where = os.environ.get(names.WHERE_VARIABLE)
        if where == names.NOBODY or not addresses:
            return
        if where == names.LOOPBACK:
            addresses = [one for one in addresses if ipaddress.ip_address(one).is_loopback] or ["127.0.0.1"]
        properties = {
            names.ID: str(server_id),
            names.NAME: hall[:60],
            names.PROTOCOL: str(PROTOCOL),
            names.SCHEME: "https" if encrypted else "http",
        }
        group = os.environ.get(names.GROUP_VARIABLE, "")
        if group:
            properties[names.GROUP] = group
        # The port stands in the name: several processes of one hall may announce themselves.
        self._info = ServiceInfo(
            names.SERVICE_TYPE,
            f"{server_id}-{port}.{names.SERVICE_TYPE}",
            port=port,
            addresses=[ipaddress.ip_address(one).packed for one in addresses],
            server=f"{names.server_name(server_id)}-{port}.local.",
            properties=properties,
        )
        self._here = all(ipaddress.ip_address(one).is_loopback for one in addresses)
        # Probing takes most of a second; the server serves meanwhile.
        self._thread = threading.Thread(target=self._register, name="announce")
        self._thread.start()

    def _register(self) -> None:
        try:
            self._zeroconf = (
                Zeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
                if self._here
                else Zeroconf(interfaces=InterfaceChoice.All)
            )
            if self._info is not None:
                self._zeroconf.register_service(self._info)
        except (OSError, ZeroconfError) as failure:
            log.warning("the server could not announce itself; clients need --server: %s", failure)

    def close(self) -> None:
        """Say good-bye, so that programs see at once that it is gone."""
        if self._thread is not None:
            self._thread.join()
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is None:
            return
        try:
            if self._info is not None:
                zeroconf.unregister_service(self._info)
        except (OSError, ZeroconfError) as failure:
            log.info("the announcement could not be taken back: %s", failure)
        finally:
            zeroconf.close()


def own_addresses(host: str) -> list[str]:
    """The addresses under which clients reach a server that listens at `host`; all of this machine's for `0.0.0.0`."""
    try:
        given = ipaddress.ip_address(host)
    except ValueError:
        return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)})
    if not given.is_unspecified:
        return [str(given)]
    found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    beyond = [one for one in found if not ipaddress.ip_address(one).is_loopback]
    return beyond or found
