"""A COMBINE archive: a zip with a manifest and a description, the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

_MANIFEST = "http://identifiers.org/combine.specifications/omex-manifest"
_SPECIFICATION = "http://identifiers.org/combine.specifications/"
_MEDIA = "http://purl.org/NET/mediatypes/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TERMS = "http://purl.org/dc/terms/"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: archives do not depend on the clock."""
_MODE = 0o644 << 16


def omex(files: Mapping[str, bytes], *, master: str, title: str, description: str) -> bytes:
    """Return the archive of ``files`` (name → content); ``master`` is what a program opens first."""
    whole = {
        "manifest.xml": _manifest(files, master),
        "metadata.rdf": _metadata(title, description),
        **{name: files[name] for name in sorted(files)},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in whole.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _MODE
            entry.create_system = 3
            archive.writestr(entry, content)
    return stream.getvalue()


def kind(name: str) -> str:
    """Return the manifest's format of a file, by its ending."""
    return {
        "xml": f"{_SPECIFICATION}sbml.level-3.version-2",
        "sedml": f"{_SPECIFICATION}sed-ml.level-1.version-4",
        "yaml": f"{_SPECIFICATION}petab.version-1",
        "tsv": f"{_MEDIA}text/tab-separated-values",
        "rdf": f"{_SPECIFICATION}omex-metadata",
    }.get(name.rpartition(".")[2], f"{_MEDIA}text/plain")


def _manifest(files: Mapping[str, bytes], master: str) -> bytes:
    root = ET.Element("omexManifest", {"xmlns": _MANIFEST})
    ET.SubElement(root, "content", {"location": ".", "format": f"{_SPECIFICATION}omex"})
    ET.SubElement(root, "content", {"location": "./manifest.xml", "format": _MANIFEST})
    for name in ("metadata.rdf", *sorted(files)):
        first = {"master": "true"} if name == master else {}
        ET.SubElement(root, "content", {"location": f"./{name}", "format": kind(name), **first})
    return _written(root)


def _metadata(title: str, description: str) -> bytes:
    root = ET.Element("rdf:RDF", {"xmlns:rdf": _RDF, "xmlns:dcterms": _TERMS})
    about = ET.SubElement(root, "rdf:Description", {"rdf:about": "."})
    ET.SubElement(about, "dcterms:title").text = title
    ET.SubElement(about, "dcterms:description").text = description
    ET.SubElement(about, "dcterms:license", {"rdf:resource": "https://creativecommons.org/licenses/by/4.0/"})
    return _written(root)


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
