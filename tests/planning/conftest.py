"""The two real elections of Kabupaten Blora: TPS per desa as they were, voters per TPS "contoh"."""

import pytest
from tests.planning.acceptance import accept, magelang, operator, upload

from tepat.common.samples import sample_csv, sample_tps
from tepat.planning.columns import TpsColumns, columns_of

__all__ = ["accept", "magelang", "operator", "upload"]


@pytest.fixture(scope="session")
def blora_pemilu() -> TpsColumns:
    return columns_of(sample_tps("blora", "pemilu-2024"))


@pytest.fixture(scope="session")
def blora_pilkada() -> TpsColumns:
    return columns_of(sample_tps("blora", "pilkada-2024"))


@pytest.fixture(scope="session")
def blora_pemilu_csv() -> str:
    return sample_csv(sample_tps("blora", "pemilu-2024"))
