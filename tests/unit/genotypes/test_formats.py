"""Every format of the catalog is recognised by its content and read by the one reader."""

from __future__ import annotations

import pytest

from estrogenome.catalog.load import load_catalog
from estrogenome.genotypes import read_genotypes
from estrogenome.genotypes.sniff import sniff
from tests.unit.genotypes.tables import PLUS, rows, written

FORMATS = load_catalog().formats


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_the_example_is_recognised_as_this_format_alone(form):
    for text in (form.example, form.example.replace("\n", "\r\n"), "\ufeff" + form.example):
        layout = sniff("example", text.encode(), FORMATS.values())
        assert layout.form.id == form.id


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_file_in_this_format_is_read(form, build, tmp_path, catalog):
    text = written(form, [*rows(build), ("rs4646", "15", {"GRCh37": "51502844", "GRCh38": "51210647"}[build], "--")])
    if build == "GRCh38":  # the comments of most examples say 37
        text = "".join(line.replace("37", "38") if line.startswith("#") else line for line in text.splitlines(keepends=True))
    path = tmp_path / "a file"
    path.write_text(text, encoding="utf-8")
    genotypes = read_genotypes(path, catalog)
    assert genotypes.build == build
    assert form.name in genotypes.warnings[0]
    found = dict(zip(genotypes.sites, genotypes.of(genotypes.samples[0]), strict=True))
    for site, (_, _, _, genotype) in PLUS.items():
        if form.strand == "by_site" and site in {"rs4818", "rs1056836"}:
            assert found[site].compatible == (("C", "C"), ("G", "G"))
        else:
            assert found[site].compatible == (tuple(genotype),), site
        assert found[site].phase_set is None
    assert found["rs4646"].state == "not_assayed"
    assert found["rs1048943"].origin == "no row"
