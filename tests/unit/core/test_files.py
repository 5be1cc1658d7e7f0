"""Records to files and back, byte for byte; what is damaged is one line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from estrogenome.core.errors import StageFileError
from estrogenome.core.files import load, save
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
