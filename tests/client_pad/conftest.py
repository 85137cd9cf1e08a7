"""A demo hall and pads at its windows."""

from tests.ground.demo_house import demo_data, house

__all__ = ["demo_data", "house"]
