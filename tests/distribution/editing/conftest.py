"""A small plan that is whole, for everything that is done to it by hand."""

import pytest
from tests.distribution.editing.scenes import scene


@pytest.fixture(scope="session")
def direct():
    """Warehouse to PPS, three trucks and two pick-ups."""
    return scene(3, "langsung")


@pytest.fixture(scope="session")
def over_ppk():
    """Warehouse to PPK to PPS."""
    return scene(3, "lewat-ppk")
