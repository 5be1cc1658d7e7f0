"""What a call of a VCF must bring to count: rows of the catalog's table of calling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog


@dataclass(frozen=True)
class Thresholds:
    """Least depth and Phred quality of a reference call, least r² of an imputed one."""

    reference_depth: float
    reference_quality: float
    imputed_r2: float


def thresholds_of(catalog: Catalog) -> Thresholds:
    """Return the thresholds that the catalog holds."""
    value = {name: catalog.parameters[name].quantity.value for name in ("reference_min_depth", "reference_min_quality", "imputed_min_r2")}
    return Thresholds(value["reference_min_depth"], value["reference_min_quality"], value["imputed_min_r2"])
