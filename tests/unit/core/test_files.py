"""Records to files and back, byte for byte; what is damaged is one line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from estrogenome.core.errors import StageFileError
from estrogenome.core.files import load, save, to_json
from estrogenome.core.genotype_records import CopyObservation, Genotypes, SiteObservation, SiteState
from estrogenome.core.records import ParameterSets, Person, Provenance
from estrogenome.core.uncertainty import State

SOURCE = Provenance(version="1", knowledge_version="1", knowledge_hash="h", input_digest="d")


def sets():
    return ParameterSets(
        samples=("s",),
        person=Person(sex="male", age=40, state="man"),
        names=("a", "b"),
        units=("1", "L/d"),
        states=(State.FITTED, State.ASSUMED),
        values=np.arange(6.0).reshape(1, 3, 2),
        provenance=SOURCE,
    )


def test_round_trip_and_same_bytes(tmp_path):
    for name in ("one.json", "two.json"):
        save(sets(), tmp_path / name)
    back = load(ParameterSets, tmp_path / "one.json")
    np.testing.assert_array_equal(back.values, sets().values)
    assert back.states == (State.FITTED, State.ASSUMED)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


@pytest.mark.parametrize("content", ["", "[1]", "{}", '{"record": "Person"}', "[" * 100_000])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(StageFileError) as error:
        load(ParameterSets, path)
    assert "\n" not in str(error.value)


def test_a_missing_array_file_is_named(tmp_path):
    save(sets(), tmp_path / "x.json")
    (tmp_path / "x.npz").unlink()
    with pytest.raises(StageFileError, match=r"x\.npz"):
        load(ParameterSets, tmp_path / "x.json")


def test_a_changed_field_is_refused(tmp_path):
    save(Person(sex="male", age=40, state="man"), tmp_path / "p.json")
    fields = json.loads((tmp_path / "p.json").read_text()) | {"extra": 1}
    (tmp_path / "p.json").write_text(json.dumps(fields))
    with pytest.raises(StageFileError):
        load(Person, tmp_path / "p.json")


def test_nothing_is_left_behind(tmp_path):
    save(sets(), tmp_path / "x.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.json", "x.npz"]


def cohort(people):
    missing = SiteObservation(site="s", state=SiteState.NOT_ASSAYED)
    return Genotypes(
        samples=tuple(f"é{i}" for i in range(people)),
        build="GRCh38",
        sites=("s", "t"),
        observations=(missing, missing.model_copy(update={"site": "t"})),
        index=np.tile(np.array([0, 1], dtype=np.uint8), (people, 1)),
        copies=tuple((CopyObservation(gene="g", state=SiteState.OBSERVED, counts=(i % 3,)),) for i in range(people)),
        provenance=SOURCE,
    )


@pytest.mark.parametrize("people", [1, 512, 513, 1200])
def test_what_is_written_piece_by_piece_is_what_json_and_numpy_write_at_once(tmp_path, people):
    record = cohort(people)
    whole = {"record": "Genotypes"} | json.loads(record.model_dump_json())
    assert "".join(to_json(record)) == json.dumps(whole, ensure_ascii=False)
    save(record, tmp_path / "x.json")
    del whole["index"]
    apart = {"record": "Genotypes", "index": {"npz": "index"}} | whole
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == json.dumps(apart, indent=1, ensure_ascii=False) + "\n"
    np.savez(tmp_path / "y.npz", index=record.index.astype(np.int64))
    assert (tmp_path / "x.npz").read_bytes() == (tmp_path / "y.npz").read_bytes()
    assert load(Genotypes, tmp_path / "x.json").copies == record.copies
