"""Which of the 2,504 people of the panel could be parent and child of each other: ``derive/data/lookalikes.tsv``.

A parent and a child never have opposite homozygous genotypes. Over the common single-base variants of our gene regions (eleven stretches
of the genome) every pair without one is written down. That is far too many, because people without a common parent often share all
eleven stretches; leaving all of them out is the safe side. Full siblings and anything further cannot be told from so few stretches.

Needs what the repository does not hold: ``DIR/GRCh38/GENE.vcf.gz`` and ``DIR/samples.tsv``, as for ``derive/cut_panels.py``.

    python -m derive.relatives DIR
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from derive.gene_files import records
from derive.inputs import DATA, read

LEAST = 0.05
GAP = 500_000
Stretches = dict[tuple[str, int], list[np.ndarray]]


def main(source: Path) -> None:
    """Write the pairs, print how the people outside the panel look beside them."""
    names, stretches = genotypes(sorted((source / "GRCh38").glob("*.vcf.gz")))
    people = {row["sample"] for row in read("people.tsv")}
    inside = np.array([name in people for name in names])
    opposite = sum(_opposite(np.array(found)) for found in stretches.values())
    alike = np.triu(opposite == 0, 1)
    pairs = np.argwhere(alike & inside[:, None] & inside[None, :])
    variants = sum(map(len, stretches.values()))
    both = alike | alike.T
    partners = both[np.ix_(~inside, inside)].sum(axis=1)
    near = [int(((opposite == n) & np.triu(inside[:, None] & inside[None, :], 1)).sum()) for n in range(1, 5)]
    lines = [
        f"# Pairs of the panel's people without opposite homozygotes at {variants} common single-base variants in {len(stretches)} stretches of",
        f"# the genome. Pairs with one to four: {', '.join(map(str, near))}; so there is no excess at none, as parents and children would make it.",
        f"# Of {len(partners)} people who are not in the panel {int((partners > 0).sum())} have such a partner in it, {int((partners > 1).sum())} two or more.",
        "# Made by derive/relatives.py; do not edit.",
        "sample\tother",
        *sorted("\t".join(sorted((names[a], names[b]))) for a, b in pairs.tolist()),
    ]
    (DATA / "lookalikes.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines[:3]), len(pairs), "pairs")


def genotypes(files: list[Path]) -> tuple[list[str], Stretches]:
    """Return the people, and by stretch the number of ALT copies of everybody at each common single-base variant."""
    names: list[str] = []
    found: dict[tuple[str, int, str], np.ndarray] = {}
    for path in files:
        for fields, entries in records(path):
            if fields[0] == "#CHROM":
                names = entries
                continue
            text = np.frombuffer("\t".join(entries).encode(), dtype=np.uint8)
            if len(fields[3] + fields[4]) != 2 or len(text) != 4 * len(names) - 1:
                continue
            copies = (text[0::4] - 48) + (text[2::4] - 48)  # a dot becomes a high number
            if copies.max() <= 2 and LEAST <= copies.mean() / 2 <= 1 - LEAST:
                found[fields[0], int(fields[1]), fields[4]] = copies
    stretches: Stretches = {}
    at, last = ("", 0), ("", 0)
    for key in sorted(found):
        if key[0] != last[0] or key[1] - last[1] > GAP:
            at = key[:2]
        stretches.setdefault(at, []).append(found[key])
        last = key[:2]
    return names, stretches


def _opposite(copies: np.ndarray) -> np.ndarray:
    """Return at how many variants two people are opposite homozygotes, shape (person, person)."""
    one = (copies == 0).astype(np.float32).T @ (copies == 2).astype(np.float32)
    return np.asarray((one + one.T).astype(np.int32))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
