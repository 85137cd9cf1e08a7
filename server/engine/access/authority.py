"""The hall's own certificate authority: made once, kept in the data folder, part of the backup.

`authority/key.pem` is readable by the server's own user only. Clients pin `authority/authority.pem` when they join; each
server process has a certificate of its own from it, good for a month and made anew while it runs.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from common.protocol.discovery import server_name
from server.engine.made_once import write_once

AUTHORITY_YEARS = 30
SERVER_DAYS = 30
EARLIER = timedelta(days=1)
"""Certificates hold from a day before: a device's clock may be behind."""


class Authority:
    """The authority of one hall; safe to make by several processes at once."""

    def __init__(self, data: Path, server_id: UUID) -> None:
        self._server_id = server_id
        folder = data / "authority"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._key = _key(folder / "key.pem")
        self._certificate = self._load(folder / "authority.pem")
        self.pem = self._certificate.public_bytes(Encoding.PEM).decode()
        """What clients pin."""

    def request_key(self, request_id: UUID) -> X25519PrivateKey:
        """The server's key for one device's request; from the authority's own, so that no other secret is stored."""
        own = self._key.private_numbers().private_value.to_bytes(32, "big")
        return X25519PrivateKey.from_private_bytes(
            HKDF(hashes.SHA256(), 32, request_id.bytes, b"openhall request key").derive(own)
        )

    def serve_with(self, context: ssl.SSLContext, addresses: list[str]) -> datetime:
        """Give a server's context a fresh certificate for its name and addresses; gives the end of its time."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        until = now + timedelta(days=SERVER_DAYS)
        names: list[x509.GeneralName] = [x509.DNSName(server_name(self._server_id)), x509.DNSName("localhost")]
        names += [x509.IPAddress(ipaddress.ip_address(one)) for one in addresses]
        made = (
            _begun(f"Openhall {self._server_id}", self._certificate.subject, key.public_key(), now, until)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        # The ssl module reads files only; the key is on disk for this moment, in a folder of its own.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "server.pem"
            content = _pem(key) + made.public_bytes(Encoding.PEM) + self.pem.encode()
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            context.load_cert_chain(path)
        return until

    def _load(self, path: Path) -> x509.Certificate:
        if not path.exists():
            now = datetime.now(UTC)
            name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Openhall authority {self._server_id}")])
            until = now + timedelta(days=365 * AUTHORITY_YEARS)
            made = (
                _begun(f"Openhall authority {self._server_id}", name, self._key.public_key(), now, until)
                .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                .add_extension(_usage(signs_certificates=True), critical=True)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
                .sign(self._key, hashes.SHA256())
            )
            write_once(path, made.public_bytes(Encoding.PEM))
        return x509.load_pem_x509_certificate(path.read_bytes())


def _begun(
    common_name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(until)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        write_once(path, _pem(ec.generate_private_key(ec.SECP256R1())))
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} is not the authority's key")
    return key


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
