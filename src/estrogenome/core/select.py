"""Choosing one person out of a record of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from estrogenome.core.errors import SampleError
from estrogenome.core.genotype_records import Diplotypes, Genotypes
from estrogenome.core.records import Activities, ParameterSets

if TYPE_CHECKING:
    from numpy.typing import NDArray

R = TypeVar("R", Genotypes, Diplotypes, Activities, ParameterSets)
T = TypeVar("T", bound=np.generic)
_SHOWN = 3


def chosen(samples: tuple[str, ...], sample: str | None) -> int:
    """Return the row of ``sample``, or of the only sample where none is named.

    Raises:
        SampleError: the sample is not there, or there are several and none is named.
    """
    names = ", ".join(samples[:_SHOWN]) + (", …" if len(samples) > _SHOWN else "")
    if sample is None:
        if len(samples) == 1:
            return 0
        raise SampleError(f"the file holds {len(samples)} samples; choose one with --sample ID, one of {names}")
    if sample not in samples:
        raise SampleError(f"sample {sample} is not in the file; --sample takes one of {names}")
    return samples.index(sample)


def one(record: R, sample: str | None) -> R:
    """Return ``record`` cut to one sample: the others leave no trace in it.

    Raises:
        SampleError: the sample is not there, or there are several and none is named.
    """
    row = chosen(record.samples, sample)
    update: dict[str, Any] = {"samples": (record.samples[row],)}
    if isinstance(record, Genotypes):
        used, update["index"] = _packed(record.index[row])
        update["observations"] = tuple(record.observations[i] for i in used)
        update["copies"] = record.copies[row : row + 1]
    elif isinstance(record, Diplotypes):
        used, update["index"] = _packed(record.index[row])
        update["results"] = tuple(record.results[i] for i in used)
    else:
        update["values"] = _frozen(record.values[row : row + 1])
        if isinstance(record, Activities):
            update["terms"] = tuple(term.model_copy(update={"mean": (term.mean[row],)}) for term in record.terms)
    return record.model_copy(update=update)


def _packed(row: NDArray[np.integer[Any]]) -> tuple[list[int], NDArray[np.int64]]:
    used, index = np.unique(row, return_inverse=True)
    return [int(i) for i in used], _frozen(index.reshape(1, -1).astype(np.int64))


def _frozen(array: NDArray[T]) -> NDArray[T]:
    array = array.copy()
    array.setflags(write=False)
    return array
