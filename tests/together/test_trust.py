"""A real server beyond plain loopback: found on the LAN, joined by six digits, spoken to over TLS of its own authority."""

from __future__ import annotations

import asyncio
import gc
import shutil
import ssl
import uuid
from pathlib import Path

import pytest

from common.link import Link, LinkState, Pace
from common.link.trust import context
from common.protocol.access import Claim
from common.protocol.devices import AcceptDevice, DeviceCard, PendingDevices
from common.protocol.discovery import GROUP_VARIABLE, LOOPBACK, WHERE_VARIABLE
from common.protocol.evaluation import PadAt, PadView
from common.protocol.messages import Nothing
from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from server.engine.access.authority import Authority
from tests.common.link.conftest import QUICK, linked, reach, run, until
from tests.ground.demo_house import DemoHouse

EVERYWHERE = ("--host", "0.0.0.0")


def test_a_pad_and_a_staff_pc_find_the_server_and_join_over_tls(
    demo_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The staff PC joins first, by a server-side token of the command line, then accepts the pad from its console."""
    group = uuid.uuid4().hex
    environment = {WHERE_VARIABLE: LOOPBACK, GROUP_VARIABLE: group}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    shutil.copytree(demo_data, tmp_path / "server")

    async def way(house: DemoHouse) -> None:
        pem = (tmp_path / "server" / "authority" / "authority.pem").read_text()
        async with (
            linked("staff", tmp_path / "staff", server=house.url, token=f"none\n{pem}") as console,
            linked("pad", tmp_path / "pad", label="Window 3") as pad,
        ):
            await reach(console, LinkState.SIGNED_OUT)
            await console.sign_in("admin", PASSWORD)
            await reach(console, LinkState.ONLINE)
            await until(lambda: pad.digits is not None, 20)
            assert pad.state is LinkState.ENROLLING and pad.server is not None and pad.server.startswith("https://")
            (asks,) = (await console.read("devices.pending", Nothing(), PendingDevices)).items
            assert (asks.digits, asks.label) == (pad.digits, "Window 3")
            accepted = AcceptDevice(request_id=asks.request_id, digits=asks.digits, window_id=id_of("window", 3))
            await console.act("devices.accept", accepted, DeviceCard)
            await reach(pad, LinkState.ONLINE)
            assert (await pad.read("evaluation.pad", PadAt(), PadView)).window_id == id_of("window", 3)
        # It belongs now: the next start asks nobody.
        async with linked("pad", tmp_path / "pad", server=house.url) as again:
            await reach(again, LinkState.ONLINE)

    with DemoHouse(tmp_path / "server", "--host", "0.0.0.0", environment=environment) as house:
        run(way(house))


# CPython 3.11 leaves the socket of a refused handshake to its collector, with a warning; it is closed all the same.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_server_of_another_authority_gets_no_secret(demo_data: Path, tmp_path: Path) -> None:
    """It has the hall's id and name, but not its key: the pad stays away from it."""
    shutil.copytree(demo_data, tmp_path / "server")
    stranger = tmp_path / "stranger"
    stranger.mkdir()

    async def way(house: DemoHouse) -> None:
        server_id = house.https("/api/health").json()["server_id"]
        pem = Authority(stranger, uuid.UUID(server_id)).pem
        async with linked("pad", tmp_path / "pad", server=house.url, token=f"ohd_secret\n{pem}") as pad:
            await asyncio.sleep(1.5)
            assert pad.state in (LinkState.CONNECTING, LinkState.SEARCHING) and pad.me is None

    with DemoHouse(tmp_path / "server", *EVERYWHERE) as house:
        run(way(house))
        gc.collect()


def test_the_certificate_names_the_server_and_not_its_address(demo_data: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_data, tmp_path / "server")
    with DemoHouse(tmp_path / "server", *EVERYWHERE) as house:
        pem = house.https("/api/authority").text
        assert pem == (tmp_path / "server" / "authority" / "authority.pem").read_text()
        with pytest.raises(ssl.SSLCertVerificationError):
            house.https("/api/health", trusted=context(pem), name="openhall-somebody-else")


def test_the_first_administrator_of_an_empty_server_names_its_authority(tmp_path: Path) -> None:
    async def way(house: DemoHouse) -> None:
        code = house.claim_code()
        claim = Claim(code=code, name="olga", password="a long password", full_name={"en": "Olga"})
        link = Link("staff", profile=tmp_path / "staff", server=house.url, pace=Pace(**QUICK.__dict__))
        await link.start()
        try:
            await reach(link, LinkState.SIGNED_OUT)
            assert link.health is not None and not link.health.founded
            with pytest.raises(Exception, match="code"):
                await link.claim(claim.model_copy(update={"code": code[:-1] + ("A" if code[-1] != "A" else "B")}))
            signed = await link.claim(claim)
            assert signed.person.account == "olga"
            await reach(link, LinkState.ONLINE)
        finally:
            await link.stop()

    with DemoHouse(tmp_path / "server", *EVERYWHERE, demo=False) as house:
        run(way(house))


def test_plain_http_beyond_loopback_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no plain HTTP"):
        DemoHouse(tmp_path / "server", *EVERYWHERE, "--plain-http")
