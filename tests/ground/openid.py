"""An OpenID Connect provider on loopback: its pages answer by themselves as a person would who types a password."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

CLIENT, SECRET = "openhall", "what the provider gave: 1+1/2"


@dataclass
class Grant:
    """What a code stands for until it is taken."""

    person: str
    nonce: str
    challenge: str
    redirect: str


@dataclass
class OpenIdProvider:
    """A provider. `people` are claims by subject, `at_page` is who sits at the browser (empty: this one declines). The
    `bad_…` and `says` bend what it does for one test."""

    now: Callable[[], float]
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    at_page: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    """Claims put over those of the token."""
    described: dict[str, Any] = field(default_factory=dict)
    """Put over its description."""
    in_token: bool = True
    """Whether the token itself says more than who it is; else the person's facts are asked for."""
    signer: Any = None
    """Another key than the published one."""
    algorithm: str = "RS256"
    grants: dict[str, Grant] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for."""
    pages: list[dict[str, str]] = field(default_factory=list)
    """With what people came to its page."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set when somebody signs out at its page."""

    def __enter__(self) -> OpenIdProvider:
        self.change_key()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, port: int = 0) -> None:
        """Answer from now on; at the same port as before."""
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="openid provider")
        self._thread.start()

    def stop(self) -> None:
        """Nobody answers any more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        """How it calls itself."""
        return f"http://127.0.0.1:{self.port}/realm"

    def change_key(self, kind: str = "RS256") -> None:
        """From now on another key signs; the former one is not published any more."""
        self.algorithm = kind
        name = secrets.token_hex(4)
        made: Any = (
            RSAKey.generate_key(2048, {"kid": name}) if kind == "RS256" else ECKey.generate_key("P-256", {"kid": name})
        )
        self.key = made

    def browse(self, address: str) -> str:
        """A browser that goes where it is sent, up to the first address that is not the provider's; gives that address."""
        opener = build_opener(_Halting())
        while address.startswith(f"http://127.0.0.1:{self.port}/"):
            with opener.open(address, timeout=10) as answer:
                address = answer.headers.get("Location", "")
        return address

    # what it answers

    def description(self) -> dict[str, Any]:
        """Its discovery document."""
        names = {
            "authorization_endpoint": "page", "token_endpoint": "token", "jwks_uri": "keys", "userinfo_endpoint": "person",
            "end_session_endpoint": "leave",
        }  # fmt: skip
        return {
            "issuer": self.issuer, **{n: f"{self.issuer}/{p}" for n, p in names.items()},
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"], **self.described,
        }  # fmt: skip

    def page(self, asked: dict[str, str]) -> str:
        """Where the browser is sent by the page."""
        self.pages.append(asked)
        back: dict[str, str] = {"state": asked["state"], "iss": self.issuer}
        if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256":
            back["error"] = "unauthorized_client"
        elif not self.at_page:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(12)
            self.grants[back["code"]] = Grant(
                self.at_page, asked["nonce"], asked["code_challenge"], asked["redirect_uri"]
            )
        return asked["redirect_uri"] + "?" + urlencode(back)

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """A code for tokens, once, to whoever proves to be this client and to have begun."""
        from urllib.parse import quote

        known = f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}"
        if authorization != "Basic " + base64.b64encode(known.encode()).decode():
            return 401, {"error": "invalid_client"}
        grant = self.grants.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if grant is None or grant.redirect != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != grant.challenge:
            return 400, {"error": "invalid_grant", "error_description": "verifier"}
        now = int(self.now())
        more = self.people[grant.person] if self.in_token else {}
        claims = {
            "iss": self.issuer, "sub": grant.person, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": grant.nonce,
            **more, **self.says,
        }  # fmt: skip
        key = self.signer or self.key
        header = {"alg": self.algorithm, "kid": self.key.kid}
        algorithms = ["RS256", "ES256", "HS256"]
        return 200, {
            "id_token": jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, key, algorithms=algorithms),
            "access_token": "of " + grant.person, "token_type": "Bearer", "expires_in": 300,
        }  # fmt: skip

    def person(self, authorization: str) -> tuple[int, dict[str, Any]]:
        """The facts of the person behind an access token."""
        subject = authorization.removeprefix("Bearer of ")
        if subject not in self.people:
            return 401, {}
        return 200, {"sub": subject, **self.people[subject]}

    def keys(self) -> dict[str, Any]:
        """The published key."""
        return dict(KeySet([self.key]).as_dict(private=False))


class _Halting(HTTPRedirectHandler):
    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return fp


def _handler(provider: OpenIdProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
            provider.asked.append(parts.path)
            if parts.path == "/realm/.well-known/openid-configuration":
                self._say(200, provider.description())
            elif parts.path == "/realm/keys":
                self._say(200, provider.keys())
            elif parts.path == "/realm/person":
                self._say(*provider.person(self.headers.get("Authorization", "")))
            elif parts.path == "/realm/page":
                self.send_response(302)
                self.send_header("Location", provider.page(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/realm/leave":
                provider.left.set()
                self._say(200, {"left": asked.get("id_token_hint", "")[:20]})
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.asked.append(self.path)
            form = {k: v[0] for k, v in parse_qs(body).items()}
            self._say(*provider.token(form, self.headers.get("Authorization", "")))

        def _say(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:
            """What was asked stands in `asked`."""

    return Handler
