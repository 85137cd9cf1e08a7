"""Sign-in through an LDAP directory: who somebody is and whether the password is right is asked there (ADM-026).

The directory is searched by the name, as `access.directory_reader` or anonymously, then bound to with the password. Two files
in the data folder go with it: `directory.secret` (the reader's password) and `directory.pem` (the directory's authority, where
the system does not know it). Accounts of the hall's own never come here, so that they work when the directory does not
(ADM-I11).
"""

from __future__ import annotations

import importlib
import logging
import ssl
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from common.text import N_
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.ports import Outsider
from server.engine.settings import setting

log = logging.getLogger(__name__)

AWAY = refusal(
    "access.directory_away",
    N_("The directory of your organisation does not answer. Try again, or tell your administrator."),
    503,
)
UNKNOWN = refusal(
    "access.directory_unknown", N_("The directory knows you, but this hall does not yet. Ask your administrator."), 403
)

URL = setting(
    "access.directory_url",
    "",
    N_("Directory (LDAP)"),
    help=N_("Such as ldap://directory.example:389; without one it is not used."),
)
BASE = setting(
    "access.directory_base", "", N_("The directory is searched below"), help=N_("Such as ou=people,dc=example.")
)
FILTER = setting(
    "access.directory_filter",
    "(uid={name})",
    N_("Search in the directory"),
    help=N_("{name} stands for the sign-in name."),
)
START_TLS = setting("access.directory_start_tls", True, N_("Speak to the directory encrypted (StartTLS)"))
READER = setting(
    "access.directory_reader", "", N_("Searches the directory as"), help=N_("Without one it is searched anonymously.")
)
NEWCOMERS = setting(
    "access.directory_role", "", N_("Role of newcomers from the directory"),
    help=N_("Whoever signs in for the first time gets an account with it; without one only those who have an account come in."),
)  # fmt: skip

PROVIDER = "ldap"
SECONDS = 5
FACTS = ("entryUUID", "displayName", "cn", "mail")


@dataclass(frozen=True)
class Directory:
    """Where the directory is and how it is asked."""

    url: str
    base: str
    filter: str
    start_tls: bool
    reader: str
    newcomers: str


class Away(Exception):
    """The directory does not answer, or not as it should."""


def directory_of(work: Work) -> Directory | None:
    """The directory of this hall, if it has one."""
    url = work.setting(URL)
    if not url:
        return None
    return Directory(
        url, work.setting(BASE), work.setting(FILTER), work.setting(START_TLS), work.setting(READER), work.setting(NEWCOMERS)
    )  # fmt: skip


def ask(directory: Directory, data: Path, name: str, password: str) -> Outsider | None:
    """Whom the directory knows by this name and password; nothing when it knows nobody or the password is wrong. Blocks
    for some seconds at most; raises Away."""
    ldap3 = _library()
    secret, authority = data / "directory.secret", data / "directory.pem"
    try:
        tls = _encryption(ssl.create_default_context(cafile=str(authority) if authority.is_file() else None))
        server = ldap3.Server(directory.url, tls=tls, get_info=ldap3.NONE, connect_timeout=SECONDS)
        reader = {"user": directory.reader, "password": secret.read_text().strip()} if directory.reader else {}
        with _connected(server, directory, **reader) as found:
            if not found.bind():
                raise Away(f"the directory refuses its reader: {found.result['description']}")
            # One name, one entry: of two nobody can tell whose password it is.
            wanted = directory.filter.replace("{name}", ldap3.utils.conv.escape_filter_chars(name))
            found.search(directory.base, wanted, attributes=list(FACTS), size_limit=2, time_limit=SECONDS)
            entries = [one for one in found.response or () if one.get("type") == "searchResEntry"]
        if len(entries) != 1:
            return None
        dn, facts = entries[0]["dn"], entries[0]["attributes"]
        with _connected(server, directory, user=dn, password=password) as own:
            if not own.bind():
                return None
    except (ldap3.core.exceptions.LDAPException, OSError, ssl.SSLError) as failure:
        raise Away(str(failure)) from failure
    return Outsider(
        provider=PROVIDER,
        subject=_first(facts, "entryUUID") or dn.lower(),
        name=name,
        full_name=_first(facts, "displayName", "cn") or name,
        mail=_first(facts, "mail"),
        role=directory.newcomers,
    )


@cache
def _library() -> Any:
    """ldap3, loaded when it is first needed; it uses names that pyasn1 has renamed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for part in ("core.exceptions", "utils.conv"):
            importlib.import_module(f"ldap3.{part}")
        return importlib.import_module("ldap3")


def _encryption(context: ssl.SSLContext) -> Any:
    """ldap3's TLS with Python's own check of the server's name: its own goes by `ssl.match_hostname`, which Python 3.12 has
    taken out."""

    class Encryption(_library().Tls):  # type: ignore[misc]
        def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
            connection.socket = context.wrap_socket(
                connection.socket, do_handshake_on_connect=do_handshake, server_hostname=connection.server.host
            )

    return Encryption()


class _connected:
    """A connection for one question, encrypted where the hall wants it so."""

    def __init__(self, server: Any, directory: Directory, **who: str) -> None:
        self._connection = _library().Connection(server, receive_timeout=SECONDS, raise_exceptions=False, **who)
        self._encrypt = directory.start_tls and not directory.url.startswith("ldaps:")

    def __enter__(self) -> Any:
        try:
            self._connection.open(read_server_info=False)
            if self._encrypt and not self._connection.start_tls(read_server_info=False):
                raise Away("the directory does not speak StartTLS")
        except BaseException:
            # ldap3 leaves the socket of a failed start to the garbage collector.
            if self._connection.socket is not None:
                self._connection.socket.close()
            raise
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.unbind()


def _first(facts: Any, *names: str) -> str:
    for name in names:
        value = facts.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if value:
            return str(value).strip("{}")
    return ""
