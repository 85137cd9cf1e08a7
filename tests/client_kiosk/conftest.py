"""A demo hall and kiosks in its zones."""

from tests.ground.demo_house import demo_data, house

__all__ = ["demo_data", "house"]
