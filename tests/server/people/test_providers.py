"""Sign-in through a real OpenID Connect provider on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from server.demo.hall import PASSWORD
from server.engine.access import totp
from tests.ground.openid import CLIENT, SECRET, OpenIdProvider
from tests.ground.serving import Answer
from tests.server.conftest import HandClock
from tests.server.people.conftest import People, staff

BACK = "http://127.0.0.1:40123/signed-in"
PEOPLE: dict[str, dict[str, Any]] = {
    "s-nina": {"preferred_username": "nina", "name": "Nina Berg", "email": "nina@hall.example", "email_verified": True},
    "s-anna": {"preferred_username": "anna", "name": "Another Anna", "email": "a@hall.example", "email_verified": True},
}


@pytest.fixture
def provider(people: People) -> Iterator[OpenIdProvider]:
    """A provider with two people, by the hall's clock."""
    with OpenIdProvider(lambda: people.hall.engine.clock.now().timestamp(), PEOPLE) as made:
        yield made


class Visitor:
    """Somebody at a staff program with a browser beside it."""

    def __init__(self, people: People, provider: OpenIdProvider) -> None:
        self.people, self.provider = people, provider
        made = people.add(
            "identity_provider",
            code="nation",
            name={"en": "National identity"},
            issuer=provider.issuer,
            client_id=CLIENT,
        )
        self.id = made["id"]
        people.hall.post("people.set_provider_secret", {"id": self.id, "secret": SECRET}, who="admin")

    def set(self, **values: Any) -> None:
        """Change the provider's description."""
        answer = self.people.request("PATCH", f"identity_provider/{self.id}", values)
        assert answer.status_code == 200, answer.text
        self.people.hall.settle()

    def ask(self, path: str, **body: Any) -> Answer:
        return self.people.hall.http.post(f"/api/sign-in/provider/{path}", json=body)

    def begin(self, redirect: str = BACK) -> dict[str, Any]:
        answer = self.ask("begin", provider="nation", redirect=redirect)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def page(self, begun: dict[str, Any]) -> dict[str, str]:
        """What the browser brings back."""
        back = urlsplit(self.provider.browse(begun["address"]))
        assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
        return {k: v[0] for k, v in parse_qs(back.query).items()}

    def finish(self, begun: dict[str, Any], **more: Any) -> Answer:
        brought = self.page(begun)
        facts = {
            "state": brought["state"], "ticket": begun["ticket"], "answer": brought.get("code", ""),
            "issuer": brought["iss"], "error": brought.get("error", ""), **more,
        }  # fmt: skip
        return self.ask("finish", **facts)

    def comes(self, who: str) -> Answer:
        """The whole way."""
        self.provider.at_page = who
        return self.finish(self.begin())


@pytest.fixture
def visitor(people: People, provider: OpenIdProvider) -> Visitor:
    """With a provider that the hall believes; whoever is new waits."""
    return Visitor(people, provider)


@pytest.mark.covers("ADM-021", "ADM-026", "ADM-I11")
def test_people_of_a_provider_come_in_wait_and_are_let_in(
    people: People, provider: OpenIdProvider, visitor: Visitor
) -> None:
    (offer,) = people.hall.http.get("/api/sign-in/ways").json()["providers"]
    assert (offer["code"], offer["name"]["en"]) == ("nation", "National identity")
    shown = people.request("GET", f"identity_provider/{visitor.id}").text
    assert SECRET not in shown and "secret_since" in shown
    people.refused(visitor.comes("s-nina"), "access.provider_unknown")
    people.refused(visitor.comes("s-nina"), "access.provider_unknown")
    (waiting,) = people.found("waiting_identity")
    assert (waiting["full_name"], waiting["sign_in_name"], waiting["provider"]) == ("Nina Berg", "nina", "nation")
    asked = provider.pages[-1]
    assert asked["prompt"] == "login" and "openid" in asked["scope"] and asked["redirect_uri"] == BACK

    # An administrator ties the one who waits to an account; nobody gives an account away that may more than he.
    chen = people.account("chen")
    people.hall.post("people.tie_identity", {"id": waiting["id"], "account_id": chen}, who="admin")
    assert people.found("waiting_identity") == []
    signed = visitor.comes("s-nina").json()
    assert signed["person"]["account"] == "chen" and not signed["must_change_password"]
    assert "queue.see" in signed["person"]["permissions"]
    (online,) = [
        o for o in people.hall.post("people.online", {}, who="admin")["items"] if o["account"] == "chen"
    ]  # fmt: skip
    assert online["address"] == "127.0.0.1"

    # A name that the hall has itself is never the provider's, whatever the rule for newcomers.
    visitor.set(newcomers_id=people.role("clerk")["id"], known_by="name")
    people.refused(visitor.comes("s-anna"), "access.provider_unknown")
    (waiting,) = people.found("waiting_identity")
    assert waiting["subject"] == "s-anna"
    provider.people = {**PEOPLE, "s-new": {"preferred_username": "new.one", "name": "New One"}}
    signed = visitor.comes("s-new").json()
    assert (signed["person"]["name"]["en"], signed["person"]["roles"]) == ("New One", ["clerk"])
    assert visitor.comes("s-new").json()["person"]["id"] == signed["person"]["id"]
    people.hall.post("people.lock", {"id": people.account("new.one")}, who="admin")
    people.refused(visitor.comes("s-new"), "access.locked")

    # The staff file's e-mail, where the provider has checked it; its facts come from its own address as well.
    visitor.set(known_by="mail", newcomers_id=None)
    provider.in_token = False
    changed = people.request("PATCH", f"staff_member/{staff('anna')}", {"mail": "A@hall.example"})
    assert changed.status_code == 200, changed.text
    assert visitor.comes("s-anna").json()["person"]["account"] == "anna"
    assert people.found("waiting_identity") == []
    provider.people["s-thief"] = {"email": "a@hall.example", "email_verified": False, "name": "Thief"}
    people.refused(visitor.comes("s-thief"), "access.provider_unknown")

    provider.stop()
    people.refused(visitor.ask("begin", provider="nation", redirect=BACK), "access.provider_away")
    people.enters("admin")
    people.enters("chen")
    provider.start(provider.port)


def test_what_a_provider_may_not_say(
    people: People, provider: OpenIdProvider, visitor: Visitor, clock: HandClock
) -> None:
    visitor.set(newcomers_id=people.role("clerk")["id"])
    first = visitor.comes("s-nina").json()
    assert first["person"]["account"] == "nina"

    # Keys change; the hall finds the new one, of another kind too.
    for kind in ("RS256", "ES256"):
        provider.change_key(kind)
        assert visitor.comes("s-nina").status_code == 200
    provider.change_key()
    provider.signer = RSAKey.generate_key(2048)
    people.refused(visitor.comes("s-nina"), "access.provider_wrong")
    provider.signer, provider.algorithm = OctKey.import_key(SECRET), "HS256"
    people.refused(visitor.comes("s-nina"), "access.provider_wrong")
    provider.signer, provider.algorithm = None, "RS256"

    now = int(provider.now())
    wrong = (
        {"iss": "https://other.example"}, {"aud": "another-client"}, {"nonce": "of-another"}, {"nonce": None},
        {"sub": None}, {"sub": ""}, {"azp": "another-client"}, {"aud": [CLIENT, "x"], "azp": None}, {"exp": None},
    )  # fmt: skip
    for one in wrong:
        provider.says = dict(one)
        people.refused(visitor.comes("s-nina"), "access.provider_wrong")
    for late in ({"exp": now - 61}, {"iat": now + 120}):
        provider.says = dict(late)
        people.refused(visitor.comes("s-nina"), "access.provider_clock")
    provider.says = {"iat": now + 30}
    assert visitor.comes("s-nina").status_code == 200, "half a minute is no matter"
    provider.says = {}

    # Somebody else's answer: used up, of another program, declined, too late, of another provider.
    begun = visitor.begin()
    brought = visitor.page(begun)
    told = {"state": begun["state"], "answer": brought["code"], "issuer": brought["iss"]}
    people.refused(visitor.ask("finish", ticket="stolen", **told), "access.provider_over")
    people.refused(
        visitor.ask("finish", ticket=begun["ticket"], **{**told, "state": "made-up"}), "access.provider_over"
    )
    assert visitor.ask("finish", ticket=begun["ticket"], **told).status_code == 200
    people.refused(visitor.ask("finish", ticket=begun["ticket"], **told), "access.provider_over")
    taken = visitor.begin()
    people.refused(visitor.finish(taken, answer=brought["code"]), "access.provider_over")
    people.refused(visitor.finish(visitor.begin(), issuer="https://other.example"), "access.provider_wrong")
    late = visitor.begin()
    clock.forward(minutes=11)
    people.refused(visitor.finish(late), "access.provider_over")
    people.refused(visitor.comes(""), "access.provider_cancelled")

    # Where people may be sent back to.
    for redirect in (
        "https://evil.example/signed-in",
        "http://127.0.0.1/signed-in",
        "http://127.0.0.1:1/x",
        "nonsense",
    ):
        people.refused(visitor.ask("begin", provider="nation", redirect=redirect), "access.provider_return")
    visitor.set(loopback_port=40124)
    people.refused(visitor.ask("begin", provider="nation", redirect=BACK), "access.provider_return")
    visitor.set(loopback_port=0, web_return="https://portal.example/back")
    assert visitor.begin("https://portal.example/back")["address"].startswith(provider.issuer)

    # An administrator's slips.
    people.refused(visitor.people.request("PATCH", f"identity_provider/{visitor.id}", {"issuer": "http://id.example"}),
                   "people.plain_address")  # fmt: skip
    people.hall.post("people.set_provider_secret", {"id": visitor.id, "secret": "wrong"}, who="admin")
    people.refused(visitor.comes("s-nina"), "access.provider_wrong")
    visitor.set(enabled=False)
    people.refused(visitor.ask("begin", provider="nation", redirect=BACK), "access.provider_gone")
    assert people.hall.http.get("/api/sign-in/ways").json()["providers"] == []


def test_a_phone_s_code_is_asked_for_after_the_provider_and_leaving_leaves_there_too(
    people: People, provider: OpenIdProvider, visitor: Visitor, clock: HandClock
) -> None:
    visitor.set(newcomers_id=people.role("clerk")["id"], leaves_too=True)
    signed = visitor.comes("s-nina").json()
    left = people.hall.http.post(
        "/api/sign-out", json={}, headers={"Authorization": f"Bearer {signed['token']}"}
    ).json()
    assert left["leave"].startswith(provider.issuer + "/leave?id_token_hint=ey")
    people.hall._tokens["nina"] = visitor.comes("s-nina").json()["token"]
    begun = people.hall.post("people.begin_second_factor", {}, who="nina")
    code = totp.code_of(begun["secret"], totp.step_of(clock.now()))
    people.hall.post("people.confirm_second_factor", {"secret": begun["secret"], "code": code}, who="nina")
    clock.forward(minutes=2)
    way = visitor.begin()
    people.refused(visitor.finish(way), "access.code_needed")
    told = {"state": way["state"], "ticket": way["ticket"]}
    people.refused(visitor.ask("finish", **told), "access.provider_over")
    people.refused(visitor.ask("finish", **told, code="000000"), "access.code_wrong")
    code = totp.code_of(begun["secret"], totp.step_of(clock.now()))
    assert visitor.ask("finish", **told, code=code).json()["person"]["account"] == "nina"
    people.refused(visitor.ask("finish", **told, code=code), "access.provider_over")
    own = {"Authorization": f"Bearer {people.hall.sign_in('chen')}"}
    assert people.hall.http.post("/api/sign-out", json={}, headers=own).json() == {"leave": ""}


def test_whoever_does_not_hold_everything_decides_on_no_provider(people: People, visitor: Visitor) -> None:
    people.new_role("keeper", "people.see", "people.edit", "organisation.see")
    new = {"name": "keeper", "password": PASSWORD, "roles": ["keeper"], "staff_number": "K1"}
    people.hall.post("people.add_account", new, who="admin")
    people.enters("keeper")
    people.hall.post("people.change_password", {"present": PASSWORD, "password": "of-my-own-1"}, who="keeper")
    people.enters("keeper", "of-my-own-1")
    changed = people.request("PATCH", f"identity_provider/{visitor.id}", {"known_by": "name"}, who="keeper")
    people.refused(changed, "people.beyond_own")
    assert people.hall.refused("people.set_provider_secret", {"id": visitor.id, "secret": "x"}, who="keeper") == (
        "people.beyond_own"
    )
