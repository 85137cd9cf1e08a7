"""How often and how long a link tries; tests make it quicker."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Seconds, all of them."""

    retry: float = 0.3
    """The first pause after a failure; doubled up to `retry_most`."""
    retry_most: float = 1.2
    """A program is back within three seconds of its server's return."""
    look: float = 3.0
    """While nobody is signed in: how often the server is asked whether it is there."""
    silence: float = 11.0
    """A live socket says something every five seconds; after this it is dead (a cable was pulled)."""
    health: float = 4.0
    """How long the first question may take."""
    refused_again: float = 60.0
    """After a refused enrolment: when to ask anew by itself."""


def longer(pause: float, pace: Pace) -> float:
    """The pause after one more failure."""
    return min(pause * 2, pace.retry_most)
