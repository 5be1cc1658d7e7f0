"""PLINK 2 filesets: the same calls as the VCF they were made from, and one line for what is wrong."""

from __future__ import annotations

import builtins

import numpy as np
import pgenlib
import pytest

from estrogenome.core.errors import EstrogenomeError, MissingExtraError
from estrogenome.diplotypes import call_diplotypes
from estrogenome.genotypes import read_genotypes


def write_set(vcf, folder):
    """Write the PLINK 2 set of a VCF whose genotypes are all phased or missing."""
    lines = vcf.read_text(encoding="utf-8").splitlines()
    samples = next(x for x in lines if x.startswith("#CHROM")).split("\t")[9:]
    rows = [x.split("\t") for x in lines if not x.startswith("#")]
    most = max(r[4].count(",") + 2 for r in rows)
    offsets = np.concatenate([[0], np.cumsum([r[4].count(",") + 2 for r in rows])]).astype(np.uintp)
    path = folder / "set.pgen"
    with pgenlib.PgenWriter(
        str(path).encode(), len(samples), len(rows), False, hardcall_phase_present=True, allele_ct_limit=most
    ) as writer:
        for i, row in enumerate(rows):
            codes = [-9 if a == "." else int(a) for gt in row[9:] for a in gt.replace("/", "|").split("|")]
            known = np.array(["|" in gt for gt in row[9:]], np.uint8)
            writer.append_partially_phased(np.array(codes, np.int32), known, int(offsets[i + 1] - offsets[i]))
    header = [x for x in lines if x.startswith("##")]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "FILTER"]
    variants = ["\t".join([*r[:5], r[6]]) for r in rows]
    (folder / "set.pvar").write_text("\n".join([*header, "\t".join(columns), *variants]) + "\n")
    (folder / "set.psam").write_text("#IID\tSEX\n" + "".join(f"{s}\tNA\n" for s in samples))
    return path


@pytest.fixture
def both(tmp_path, make_vcf, catalog):
    genes = list(catalog.genes.values())
    sites = [s.id for g in genes for s in g.sites if "GRCh38" in s.placements]
    genotypes = {sites[0]: "0|1", sites[1]: "1|0", sites[2]: "0/1", sites[3]: "./.", sites[4]: "1|1"}
    vcf = make_vcf("one.vcf", build="GRCh38", samples=("a", "b", "c"), genotypes=genotypes)
    return vcf, write_set(vcf, tmp_path)


def test_the_same_calls_as_the_vcf(both, catalog):
    one, other = (read_genotypes(path, catalog) for path in both)
    assert one.samples == other.samples
    assert one.build == other.build
    a, b = (call_diplotypes(g, catalog) for g in (one, other))
    for sample in one.samples:
        assert [(r.gene, r.status, r.by_name()) for r in a.of(sample)] == [(r.gene, r.status, r.by_name()) for r in b.of(sample)]


@pytest.mark.parametrize("suffix", [".pvar", ".psam"])
def test_a_missing_part_is_named(both, catalog, suffix):
    both[1].with_suffix(suffix).unlink()
    with pytest.raises(EstrogenomeError, match="missing beside it"):
        read_genotypes(both[1], catalog)


def test_a_packed_part_is_named(both, catalog):
    pvar = both[1].with_suffix(".pvar")
    pvar.rename(pvar.with_name(pvar.name + ".zst"))
    with pytest.raises(EstrogenomeError, match="zst-decompress"):
        read_genotypes(both[1], catalog)


@pytest.mark.parametrize("damage", [b"\x6c\x1b", b"\x6c\x1b\x10" + b"\0" * 20, b"\x6c\x1b\xff" * 40])
def test_a_damaged_set_is_one_line(both, catalog, damage):
    both[1].write_bytes(damage)
    with pytest.raises(EstrogenomeError) as error:
        read_genotypes(both[1], catalog)
    assert "\n" not in str(error.value)


def test_parts_that_do_not_fit_are_one_line(both, catalog):
    psam = both[1].with_suffix(".psam")
    psam.write_text(psam.read_text() + "d\tNA\n")
    with pytest.raises(EstrogenomeError, match="does not fit"):
        read_genotypes(both[1], catalog)


def test_without_the_extra_the_message_names_it(both, catalog, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "pgenlib":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"estrogenome\[pgen\]"):
        read_genotypes(both[1], catalog)
