"""Pure decisions about rights, passwords, mandates; and codes of a phone by the examples of their standards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from server.engine.access import totp
from server.engine.principal import LEVELS
from server.modules.people.rules import (
    Granted,
    Way,
    administrator_remains,
    beyond,
    common_place,
    mandate_problem,
    password_problem,
    together,
)

EVERY = ("a.see", "a.edit", "b.see")
NOW = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)
ONE, TWO, THREE, FOUR = (UUID(int=n) for n in range(1, 5))

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""`12345678901234567890`, the key of the examples of RFC 4226 and RFC 6238."""


@pytest.mark.parametrize(
    ("step", "code"), list(enumerate(("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583")))
)
def test_codes_are_those_of_rfc_4226(step: int, code: str) -> None:
    assert totp.code_of(SECRET, step) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_follow_the_time_as_in_rfc_6238(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    step = totp.matching_step(SECRET, code, moment)
    assert step == seconds // 30
    assert totp.matching_step(SECRET, code, moment + timedelta(seconds=30)) == step, "a phone may be a little behind"
    assert totp.matching_step(SECRET, code, moment + timedelta(seconds=90)) is None


def test_a_phone_reads_key_name_and_hall_from_the_picture() -> None:
    said = totp.uri(SECRET, "Зал", "анна")
    assert said.startswith("otpauth://totp/") and f"secret={SECRET}" in said and " " not in said
    assert len(set(totp.recovery_codes())) == totp.RECOVERY_CODES


def test_the_widest_reach_of_all_roles_wins_and_a_field_is_hidden_only_when_all_hide_it() -> None:
    narrow = Granted(("a.see", "a.edit"), {"a.see": "own"}, ("thing.price", "thing.name"))
    wide = Granted(("a.see",), {"a.see": "outlet"}, ("thing.price",))
    both = together([narrow, wide], EVERY)
    assert (both.level("a.see"), both.level("a.edit"), both.level("b.see")) == ("outlet", "all", None)
    assert both.hidden == {"thing.price"}
    assert together([Granted(("*",)), narrow], EVERY).hidden == set()


@given(any_of.dictionaries(any_of.sampled_from(EVERY), any_of.sampled_from(LEVELS)),
       any_of.dictionaries(any_of.sampled_from(EVERY), any_of.sampled_from(LEVELS)))  # fmt: skip
def test_nobody_gives_more_than_he_holds(own: dict[str, str], given_levels: dict[str, str]) -> None:
    mine, given_away = (together([Granted(tuple(d), d)], EVERY) for d in (own, given_levels))
    more = [p for p, at in given_levels.items() if p not in own or LEVELS.index(own[p]) < LEVELS.index(at)]
    assert beyond(mine, given_away) == (min(more) if more else None)
    assert beyond(mine, mine) is None


def test_the_last_way_to_hold_everything_cannot_go() -> None:
    two = [Way(ONE, THREE, UUID(int=11)), Way(TWO, THREE, UUID(int=12))]
    assert administrator_remains(two, [ONE])
    assert not administrator_remains(two, [THREE]), "the role of both"
    assert not administrator_remains([Way(ONE, THREE, UUID(int=11), FOUR)], [FOUR]), "the group of one"
    assert administrator_remains([Way(ONE, THREE, UUID(int=11), FOUR), Way(ONE, TWO, UUID(int=12))], [FOUR])


@pytest.mark.parametrize(
    ("password", "least", "mixed", "problem"),
    [
        ("12345", 6, False, "people.password_short"),
        ("123456", 6, False, None),
        ("1234567", 8, False, "people.password_short"),
        ("ANNA.PETROVA", 8, False, "people.password_is_name"),
        ("only letters", 8, True, "people.password_plain"),
        ("пароль 7", 8, True, None),
    ],
)
def test_passwords_keep_the_hall_s_rules(password: str, least: int, mixed: bool, problem: str | None) -> None:
    assert password_problem(password, "Anna.Petrova", least, mixed) == problem


def test_an_outlet_without_halls_is_one_hall() -> None:
    assert common_place("hall", {"hall": (ONE,)}, {"hall": (ONE, TWO)})
    assert not common_place("hall", {"hall": (ONE,), "outlet": (FOUR,)}, {"hall": (TWO,), "outlet": (FOUR,)})
    assert common_place("hall", {"outlet": (FOUR,)}, {"outlet": (FOUR,)})
    assert not common_place("hall", {"hall": (ONE,), "outlet": (FOUR,)}, {"outlet": (FOUR,)})
    assert not common_place("own", {"hall": (ONE,)}, {"hall": (ONE,)})


def test_a_mandate_goes_to_somebody_else_and_has_a_future() -> None:
    later = NOW + timedelta(hours=1)
    assert mandate_problem(ONE, TWO, NOW, later, NOW) is None
    assert mandate_problem(ONE, ONE, NOW, later, NOW) == "people.mandate_to_oneself"
    assert mandate_problem(ONE, TWO, later, NOW, NOW) == "people.mandate_over"
    assert mandate_problem(ONE, TWO, NOW - timedelta(2), NOW - timedelta(1), NOW) == "people.mandate_over"
