"""Debian's slapd in a temporary folder on a loopback port, with its own certificate and some people."""

from __future__ import annotations

import ipaddress
import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

SLAPD = shutil.which("slapd") or ("/usr/sbin/slapd" if Path("/usr/sbin/slapd").exists() else None)
BASE = "dc=hall,dc=example"

CONFIG = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
security simple_bind=128
database mdb
suffix "{base}"
rootdn "cn=reader,{base}"
rootpw reader-secret
directory {folder}/db
maxsize 16777216
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,{base}" read by * none
"""


class Directory:
    """A running slapd; `with` stops it. `stop` and `start` as often as a test wants."""

    def __init__(self, folder: Path, port: int, people: dict[str, tuple[str, str]]) -> None:
        self.folder, self.port = folder, port
        self.url = f"ldap://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "db").mkdir(parents=True)
        self.authority = _certificate(folder)
        (folder / "slapd.conf").write_text(CONFIG.format(folder=folder, base=BASE))
        (folder / "people.ldif").write_text(_entries(people))
        command = ["slapadd", "-f", str(folder / "slapd.conf"), "-l", str(folder / "people.ldif")]
        subprocess.run([str(Path(str(SLAPD)).with_name("slapadd")), *command[1:]], check=True, capture_output=True)
        self.start()

    def __enter__(self) -> Directory:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it; returns when it answers."""
        command = [str(SLAPD), "-f", str(self.folder / "slapd.conf"), "-h", self.url, "-d", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, "slapd ended"
            time.sleep(0.05)
        raise AssertionError("slapd does not answer")

    def stop(self) -> None:
        """Stop it and wait."""
        process, self.process = self.process, None
        if process is not None:
            process.terminate()
            process.wait(20)


def _entries(people: dict[str, tuple[str, str]]) -> str:
    entries = [f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Hall\ndc: hall"]
    for uid, (name, password) in people.items():
        entries.append(
            f"dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {name}\nsn: {name}\n"
            f"displayName: {name}\nmail: {uid}@hall.example\nuserPassword: {password}"
        )
    return "\n\n".join(entries) + "\n"


def _certificate(folder: Path) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Directory of the test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return pem
