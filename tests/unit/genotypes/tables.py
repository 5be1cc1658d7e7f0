"""Made-up tables of genotypes in any layout of the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.genotypes.sniff import sniff

if TYPE_CHECKING:
    from estrogenome.catalog.formats import Format

SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " "}
PLUS = {  # (chromosome, position on GRCh37, position on GRCh38, genotype on the plus strand)
    "rs4680": ("22", 19951271, 19963748, "AG"),
    "rs4633": ("22", 19950235, 19962712, "CT"),
    "rs6269": ("22", 19949952, 19962429, "AG"),
    "rs4818": ("22", 19951207, 19963684, "CC"),
    "rs887829": ("2", 234668570, 233759924, "TT"),
    "rs1056836": ("2", 38298203, 38071060, "GG"),
    "rs1056837": ("2", 38298150, 38071007, "GG"),
    "rs776746": ("7", 99270539, 99672916, "CC"),
    "rs762551": ("15", 75041917, 74749576, "AC"),
}
FLIP = str.maketrans("ACGT", "TGCA")


def rows(build: str = "GRCh37", flip: bool = False, leave_out: tuple[str, ...] = (), **genotypes: str) -> list[tuple[str, str, str, str]]:
    """(name, chromosome, position, two letters) of every site above; other genotypes by name."""
    column = {"GRCh37": 1, "GRCh38": 2}[build]
    found = [(name, p[0], str(p[column]), genotypes.get(name, p[3])) for name, p in PLUS.items() if name not in leave_out]
    return [(n, c, p, g.translate(FLIP) if flip else g) for n, c, p, g in found]


def written(form: Format, content: list[tuple[str, str, str, str]]) -> str:
    """The rows laid out as the format has them, under the head of its example."""
    layout = sniff("example", form.example.encode(), [form])
    width = max(layout.columns.values()) + 1
    lines = layout.preamble.splitlines()
    for name, chromosome, position, genotype in content:
        first, second = (genotype[:1], genotype[1:]) if genotype != "--" else (form.no_calls[0], form.no_calls[0])
        between = form.between_alleles if genotype != "--" else ""
        cell = {
            "id": name, "chromosome": chromosome, "position": position, "genotype": first + between + second if genotype != "--" else form.no_calls[0],
            "allele1": first, "allele2": second, "strand": "+", "sample": "p",
        }  # fmt: skip
        row = [""] * width
        for role, place in layout.columns.items():
            row[place] = cell[role]
        lines.append(SEPARATORS[form.separator].join(row))
    return "\n".join(lines) + "\n"


def plain(content: list[tuple[str, str, str, str]], comment: str = "") -> str:
    """The rows as a table separated by tabs."""
    head = f"{comment}\nrsid\tchromosome\tposition\tgenotype\n".lstrip("\n")
    return head + "".join("\t".join(row) + "\n" for row in content)
