"""A demo hall and workbenches."""

from tests.ground.demo_house import demo_data, house

__all__ = ["demo_data", "house"]
