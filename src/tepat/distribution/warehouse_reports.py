"""The stored report of a comparison."""

import msgspec

from tepat.common.documents import path_of
from tepat.distribution.warehouse_models import WarehouseChoice
from tepat.distribution.warehouses.report import WarehouseReport


def report_of(choice: WarehouseChoice) -> WarehouseReport:
    """Return the report of a comparison."""
    return msgspec.json.decode(path_of(choice.sha256).read_bytes(), type=WarehouseReport)
