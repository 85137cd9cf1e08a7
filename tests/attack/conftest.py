"""Demo halls on both kinds of database, served by real processes."""

from tests.ground.demo_halls import demo_hall, demo_halls
from tests.ground.demo_house import demo_data

__all__ = ["demo_data", "demo_hall", "demo_halls"]
