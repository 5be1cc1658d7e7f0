"""A cohort in memory: names and one or two bytes a site and person, nothing that grows faster, whatever FORMAT holds."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from estrogenome.cli.call import rows
from estrogenome.core.files import to_json
from estrogenome.diplotypes import call_diplotypes
from estrogenome.genotypes import read_genotypes

PANEL = Path(__file__).resolve().parents[3] / "derive" / "data" / "panel_GRCh38.vcf.gz"
FEW, MANY = 500, 2500
BYTES_A_PERSON = 1000


def cut(path: Path, people: int, extra: tuple[str, str]) -> Path:
    """Write the panel's first people over and over, with more behind each genotype."""
    lines = []
    with gzip.open(PANEL, "rt", encoding="utf-8") as stream:
        for line in stream:
            fields = line.rstrip("\n").split("\t")
            if line.startswith("##"):
                lines.append(line.rstrip("\n"))
            elif line.startswith("#"):
                lines.append("\t".join([*fields[:9], *(f"p{i}" for i in range(people))]))
            else:
                own = [f"{fields[9 + i % FEW]}{extra[1].format(depth=10 + i % 60, quality=i % 97)}" for i in range(people)]
                lines.append("\t".join([*fields[:8], "GT" + extra[0], *own]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def peak(path, catalog) -> int:
    tracemalloc.start()
    try:
        diplotypes = call_diplotypes(read_genotypes(path, catalog), catalog)
        written = sum(len(piece) for answer in (rows(diplotypes), to_json(diplotypes)) for piece in answer)
        assert written > 500 * len(diplotypes.samples)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("extra", [("", ""), (":AD:DP:GQ:PL", ":5,5:{depth}:{quality}:0,30,300")], ids=["GT alone", "with depths"])
def test_a_person_more_costs_less_than_a_kilobyte(tmp_path, catalog, extra):
    few, many = (cut(tmp_path / f"{people}.vcf", people, extra) for people in (FEW, MANY))
    peak(few, catalog)
    each = (peak(many, catalog) - peak(few, catalog)) / (MANY - FEW)
    assert each < BYTES_A_PERSON
