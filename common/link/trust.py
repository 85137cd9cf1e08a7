"""What a program believes of a server: the authority that it pinned when it joined."""

from __future__ import annotations

import ssl

from common.protocol.pairing import names_authority


def context(authority_pem: str) -> ssl.SSLContext:
    """Accepts servers of this authority and nobody else. Raises ssl.SSLError for what is no certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.load_verify_locations(cadata=authority_pem)
    return made


def authority_fits(code: str, pem: str) -> bool:
    """Whether an empty server's one-time code names this authority."""
    try:
        return names_authority(code, pem)
    except ValueError:
        return False
