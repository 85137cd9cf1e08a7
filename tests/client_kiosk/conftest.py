"""A demo hall and kiosks in its zones. One hall serves a whole file: starting it costs more than any test here."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ground.demo_house import DemoHouse


@pytest.fixture(scope="module")
def house(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHouse]:
    """A demo hall's server, a process of its own, for one file."""
    folder = tmp_path_factory.mktemp("house") / "server"
    shutil.copytree(demo_data, folder)
    with DemoHouse(folder) as made:
        yield made
