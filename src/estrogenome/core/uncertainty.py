"""Uncertain quantities and the random streams they draw from.

Every uncertain quantity owns a stream keyed by (seed, its identifier), so that adding a
gene, a site or a parameter changes no other draw.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class State(StrEnum):
    """How a number is known, best first."""

    MEASURED = "measured"
    TRANSFERRED = "transferred"
    FITTED = "fitted"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


def worst(states: list[State] | tuple[State, ...]) -> State:
    """Return the least certain of ``states`` (``measured`` for an empty path)."""
    order = list(State)
    return max(states, key=order.index, default=State.MEASURED)


class Origin(StrEnum):
    """Where the uncertainty of a number comes from.

    enzymes: what a genotype leaves open of them · constants: what nobody knows of the body's numbers, which people share · person: what
    differs between people beyond what is known of this one.
    """

    ENZYMES = "enzymes"
    CONSTANTS = "constants"
    PERSON = "person"


class Distribution(StrEnum):
    """Shapes a quantity may have; ``spread`` means what stands behind each.

    fixed: none · normal: standard deviation, value = mean · lognormal: standard deviation of the
    natural logarithm, value = median · uniform: half width, value = middle · beta: standard deviation,
    value = mean on (0, 1).
    """

    FIXED = "fixed"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    UNIFORM = "uniform"
    BETA = "beta"


def stream(seed: int, identifier: str) -> np.random.Generator:
    """Return the generator that belongs to ``identifier`` under ``seed`` (Philox, SHA-256 key)."""
    digest = hashlib.sha256(f"{seed}\x1f{identifier}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def again(seed: int) -> int:
    """Return the seed under which one origin of uncertainty is drawn a second time while the others stand."""
    return int.from_bytes(hashlib.sha256(f"again\x1f{seed}".encode()).digest()[:4], "little")


def draw(distribution: Distribution, value: float, spread: float, generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Return ``size`` draws of a quantity, shape (size,)."""
    if distribution is Distribution.FIXED or spread == 0:
        return np.full(size, value, dtype=np.float64)
    if distribution is Distribution.UNIFORM:
        return generator.uniform(value - spread, value + spread, size)
    if distribution is Distribution.BETA:
        total = value * (1 - value) / spread**2 - 1
        return generator.beta(value * total, (1 - value) * total, size)
    z = generator.standard_normal(size)
    if distribution is Distribution.NORMAL:
        return np.asarray(value + spread * z, dtype=np.float64)
    return np.asarray(value * np.exp(spread * z), dtype=np.float64)
