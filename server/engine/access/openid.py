"""What is said to an OpenID Connect provider: its description, the way to its page, a code for an identity (ADM-021, ADM-026).

Everything here blocks for some seconds at most and knows no database. Nothing that a provider says is believed before its
signature, issuer, audience, times and nonce were checked. Beyond loopback no provider is spoken to without TLS; authorities that
the system does not know lie in the data folder (`providers.pem`).
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode, urlsplit

SECONDS = 5
LARGEST = 256 * 1024
KEPT_SECONDS = 600
"""How long a provider's description and keys are kept; a key that is not among them is looked for at once."""
LEEWAY = 60
"""Seconds by which the clocks of server and provider may differ."""
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA",
)  # fmt: skip
"""What a provider may sign with: it alone has the key. Never `none`, never a secret that both sides know."""


class Away(Exception):
    """The provider does not answer, or its address is wrong."""


class Unbelievable(Exception):
    """The provider answers, but not as it should."""


class Clocks(Exception):
    """What it says was over before it was said, or is not said yet: one of the clocks is wrong."""


class Declined(Exception):
    """The provider does not take the code: it was used, or is too old."""


@dataclass(frozen=True)
class Client:
    """How this hall is known to one provider."""

    issuer: str
    client_id: str
    secret: str
    scopes: str = "openid profile email"
    asks_anew: bool = True


@dataclass(frozen=True)
class Begun:
    """What must be known again when somebody comes back from the provider's page."""

    nonce: str
    verifier: str
    redirect: str


@dataclass(frozen=True)
class Proved:
    """What a provider says of somebody, checked."""

    subject: str
    claims: Mapping[str, Any]
    token: str
    """The signed token itself: signing out there names it."""


def safe_address(address: str) -> bool:
    """Whether an address may be spoken to: TLS, or this very machine."""
    try:
        parts = urlsplit(address)
        loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and loopback))


class OpenId:
    """Speaks to providers; keeps their descriptions and keys for some minutes. Safe in any thread."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def way(self, client: Client, begun: Begun, state: str, language: str) -> str:
        """The address of the provider's page for this person's browser."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        # Asked anew: where the provider is away this is told here, not by an empty page in the browser.
        place = self._address(self._described(client, fresh=True), "authorization_endpoint")
        more = {"prompt": "login"} if client.asks_anew else {}
        return str(
            prepare_grant_uri(
                place, client.client_id, "code", redirect_uri=begun.redirect, scope=client.scopes, state=state,
                nonce=begun.nonce, code_challenge=create_s256_code_challenge(begun.verifier),
                code_challenge_method="S256", ui_locales=language, **more,
            )
        )  # fmt: skip

    def prove(self, client: Client, begun: Begun, code: str, now: float, wanted: tuple[str, ...]) -> Proved:
        """Who came back with this code. `wanted` are claims that are asked for separately where the token lacks them."""
        described = self._described(client)
        answer = self._tokens(client, described, begun, code)
        token = str(answer.get("id_token") or "")
        claims = self._claims(client, described, begun, token, str(answer.get("access_token") or ""), now)
        place, access = described.get("userinfo_endpoint"), answer.get("access_token")
        if place and access and any(claim_of(claims, one) is None for one in wanted if one):
            more = self._asked(self._address(described, "userinfo_endpoint"), {"Authorization": f"Bearer {access}"})
            if more.get("sub") != claims["sub"]:
                raise Unbelievable("what the provider says of the person is about another one")
            claims = {**more, **claims}
        return Proved(str(claims["sub"]), claims, token)

    def leaving(self, client: Client, token: str) -> str:
        """The address at which the person signs out there as well; empty where the provider has none."""
        described = self._described(client)
        if not described.get("end_session_endpoint"):
            return ""
        place = self._address(described, "end_session_endpoint")
        joint = "&" if urlsplit(place).query else "?"
        return place + joint + urlencode({"id_token_hint": token, "client_id": client.client_id})

    # the token

    def _tokens(self, client: Client, described: dict[str, Any], begun: Begun, code: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": begun.redirect,
            "code_verifier": begun.verifier,
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        methods = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not client.secret:
            form["client_id"] = client.client_id
        elif "client_secret_basic" in methods:
            pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": client.client_id, "client_secret": client.secret}
        place = self._address(described, "token_endpoint")
        return self._asked(place, headers, urlencode(form).encode(), code=True)

    def _claims(
        self, client: Client, described: dict[str, Any], begun: Begun, token: str, access: str, now: float
    ) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError

        try:
            read = self._opened(described, token)
            claims = CodeIDToken(
                read.claims, read.header,
                {"iss": {"essential": True, "value": client.issuer}, "aud": {"essential": True, "value": client.client_id}},
                {"nonce": begun.nonce, "client_id": client.client_id, "access_token": access},
            )  # fmt: skip
            claims.validate(int(now), LEEWAY)
        except ExpiredTokenError as failure:
            raise Clocks("the token was over before it came") from failure
        except InvalidClaimError as failure:
            late = str(failure.claim) in ("iat", "nbf") and isinstance(read.claims.get(failure.claim), int | float)
            raise (Clocks if late else Unbelievable)(f"{failure.claim}: {failure}") from failure
        except (JoseError, ValueError, TypeError, KeyError) as failure:
            raise Unbelievable(f"{type(failure).__name__}: {failure}") from failure
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise Unbelievable("the token names nobody")
        return dict(claims)

    def _opened(self, described: dict[str, Any], token: str) -> Any:
        """The token under one of the provider's keys. Providers change them: one that is not known yet is fetched."""
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError

        place = self._address(described, "jwks_uri")
        try:
            return jwt.decode(token, _keys(self._fetched(place)), algorithms=list(ALGORITHMS))
        except (InvalidKeyIdError, BadSignatureError):
            return jwt.decode(token, _keys(self._fetched(place, fresh=True)), algorithms=list(ALGORITHMS))

    # its description

    def _described(self, client: Client, *, fresh: bool = False) -> dict[str, Any]:
        place = client.issuer.rstrip("/") + "/.well-known/openid-configuration"
        described = self._fetched(place, fresh=fresh)
        if described.get("issuer") != client.issuer:
            raise Unbelievable(f"it calls itself {str(described.get('issuer'))[:200]}, not {client.issuer}")
        return described

    @staticmethod
    def _address(described: dict[str, Any], name: str) -> str:
        address = described.get(name)
        if not isinstance(address, str) or not safe_address(address):
            raise Unbelievable(f"{name} is no address that can be trusted")
        return address

    def _fetched(self, place: str, *, fresh: bool = False) -> dict[str, Any]:
        with self._lock:
            until, kept = self._kept.get(place, (0.0, {}))
        if until > time.monotonic() and not fresh:
            return kept
        found = self._asked(place, {})
        with self._lock:
            self._kept[place] = (time.monotonic() + KEPT_SECONDS, found)
        return found

    def _asked(
        self, place: str, headers: dict[str, str], body: bytes | None = None, *, code: bool = False
    ) -> dict[str, Any]:
        if not safe_address(place):
            raise Unbelievable(f"{place} is no address that can be trusted")
        request = urllib.request.Request(place, body, {"Accept": "application/json", **headers})
        try:
            with self._opener().open(request, timeout=SECONDS) as answer:
                content: bytes = answer.read(LARGEST + 1)
        except urllib.error.HTTPError as failure:
            with failure:
                said = failure.read(2000)
            if code and failure.code == 400 and b"invalid_grant" in said:
                raise Declined("the provider does not take the code") from failure
            # What it says then may hold what nobody should read in the log.
            kind = Unbelievable if failure.code < 500 else Away
            raise kind(f"{place} answers {failure.code}") from failure
        except (OSError, http.client.HTTPException) as failure:
            raise Away(f"{place}: {failure}") from failure
        try:
            found = json.loads(content) if len(content) <= LARGEST else None
        except ValueError as failure:
            raise Unbelievable(f"{place} gives no JSON") from failure
        if not isinstance(found, dict):
            raise Unbelievable(f"{place} gives no JSON object")
        return found

    def _opener(self) -> urllib.request.OpenerDirector:
        trusted = ssl.create_default_context()
        own = self._data / "providers.pem"
        if own.is_file():
            trusted.load_verify_locations(cafile=str(own))
        return urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusted), _Straight())


class _Straight(urllib.request.HTTPRedirectHandler):
    """No detours: a provider's own addresses answer themselves, and a secret goes to no other one."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def _keys(stored: Mapping[str, Any]) -> Any:
    """The provider's keys that may sign; one of a kind that nobody here knows is left out, not refused."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet, import_key

    found: list[Any] = []
    for one in stored.get("keys") or ():
        if isinstance(one, dict) and one.get("use", "sig") == "sig" and one.get("kty") in ("RSA", "EC", "OKP"):
            try:
                found.append(import_key(one))
            except (JoseError, ValueError, KeyError):
                continue
    return KeySet(found)


def claim_of(claims: Mapping[str, Any], name: str) -> str | None:
    """A claim as text: by its whole name, else by steps (`address.locality`); nothing where there is none."""
    value: Any = claims.get(name)
    if value is None and "." in name:
        value = claims
        for step in name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None
