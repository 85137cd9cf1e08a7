"""Signing in, and who one is afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Name, Words


class SignIn(Message):
    """`POST /api/sign-in`."""

    name: Name
    password: str = Field(min_length=1, max_length=200, repr=False)
    code: str = Field(default="", max_length=20, repr=False)
    """The phone's code or a recovery code, where `access.code_needed` asked for it."""


class ShortSignIn(Message):
    """`POST /api/sign-in/short`: a card, or name and PIN, at one of the hall's own PCs."""

    name: str = Field(default="", max_length=80)
    pin: str = Field(default="", max_length=12, repr=False)
    card: str = Field(default="", max_length=60, repr=False)


class ProviderOffer(Message):
    """An identity provider that this hall believes, as it stands on the window for signing in."""

    code: str
    name: Words
    symbol: str = "person"
    port: int = 0
    """The loopback port at which the provider sends people back to their PC; 0 where any will do."""


class SignInWays(Message):
    """`GET /api/sign-in/ways`: what this PC offers beside name and password."""

    card: bool = False
    pin: bool = False
    providers: list[ProviderOffer] = []


class BeginAtProvider(Message):
    """`POST /api/sign-in/provider/begin`."""

    provider: str = Field(max_length=30)
    redirect: str = Field(max_length=300)
    """Where the person's browser comes back to: a loopback address of the program, or the portal's."""


class AtProvider(Message):
    """Its answer: the page to open in the person's browser, and what the program keeps to itself meanwhile."""

    address: str
    state: str
    """Comes back with the browser; whatever comes with another one is not believed."""
    ticket: str = Field(repr=False)
    """Never leaves the program but to finish: a state and a code that somebody else has read serve nobody."""
    expires_at: datetime


class FinishAtProvider(Message):
    """`POST /api/sign-in/provider/finish`: what the browser brought back."""

    state: str = Field(max_length=100)
    ticket: str = Field(max_length=100, repr=False)
    answer: str = Field(default="", max_length=4000, repr=False)
    """The provider's code."""
    issuer: str = Field(default="", max_length=300)
    error: str = Field(default="", max_length=200)
    """The provider's word for why there is no code."""
    code: str = Field(default="", max_length=20, repr=False)
    """The phone's code or a recovery code, where `access.code_needed` asked for it; then without `answer`."""


class SignedOut(Message):
    """`POST /api/sign-out`."""

    leave: str = ""
    """The page at which the person signs out at the provider as well, where it wants that."""


class Me(Message):
    """The person or device behind a token."""

    id: UUID
    kind: str
    """`person` or `device`."""
    name: Words
    account: str = ""
    """The sign-in name of a person; the device's label."""
    post: Words = {}
    department: Words = {}
    photo: UUID | None = None
    """A file's id, read with `GET /api/files/{id}`."""
    roles: list[str] = []
    permissions: list[str] = []
    device_kind: str | None = None
    """`kiosk`, `pad`, `led`, `staff_pc`."""
    window_id: UUID | None = None
    zone_id: UUID | None = None
    outlet_id: UUID | None = None
    language: str | None = None


class SignedIn(Message):
    """The answer to a sign-in. The token is sent as `Authorization: Bearer …`, never in an address."""

    token: str
    expires_at: datetime
    must_change_password: bool = False
    """Nothing else is permitted before `people.change_password`."""
    must_set_second_factor: bool = False
    """Nothing else is permitted before `people.confirm_second_factor`."""
    person: Me


class Claim(Message):
    """`POST /api/claim`: the first administrator of an empty server, by the one-time code that the server printed."""

    code: str = Field(min_length=4, max_length=40)
    name: Name
    password: str = Field(min_length=8, max_length=200)
    full_name: Words


class EnrolBegin(Message):
    """`POST /api/enrol/begin`: a device or staff PC asks to join; carries its public key and a commitment to its nonce."""

    kind: str
    label: str = Field(max_length=80)
    public_key: str
    commitment: str
    """Hex SHA-256 over nonce and public key; the nonce is revealed only after the server has sent its own."""


class EnrolOffer(Message):
    """The server's answer: its certificate authority and its nonce."""

    request_id: UUID
    authority: str
    """PEM of the hall's certificate authority."""
    public_key: str
    """The server's key for this request alone; hex, as the nonce."""
    nonce: str
    expires_at: datetime


class EnrolReveal(Message):
    """`POST /api/enrol/reveal`: the device's nonce, which must fit its commitment."""

    request_id: UUID
    nonce: str


class EnrolState(Message):
    """`POST /api/enrol/state`: asked by the device while a person compares the six digits."""

    request_id: UUID
    state: str
    """`revealed`, `accepted`, `refused`, `lapsed`."""
    token: str | None = None
    """The device's token, sealed for its key; present when accepted, until the request's time is over."""


class EnrolAsk(Message):
    """`POST /api/enrol/state` input."""

    request_id: UUID
    proof: str
    """Hex HMAC under the shared secret of both keys, so that nobody else can fetch the token."""


class PendingDevice(Message):
    """A device that waits on the console's page to be compared."""

    request_id: UUID
    kind: str
    label: str
    digits: str
    address: str
    asked_at: datetime
    expires_at: datetime
