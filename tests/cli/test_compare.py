"""``estrogenome compare`` as a user runs it: the files it writes, and every mistake as one line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from estrogenome import Person, compare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAN = ("--sex", "male", "--age", "45")
QUICK = ("--days", "14", "--draws", "20", "--loop", "closed")
TRT = "testosterone_cypionate:100mg/7d"


@pytest.fixture(scope="module")
def ran(
    estrogenome: Callable[..., object], invented: Callable[..., object], tmp_path_factory: pytest.TempPathFactory
) -> tuple[object, Path]:
    folder = tmp_path_factory.mktemp("compare")
    vcf = invented().write(folder / "somebody.vcf")
    scenarios = ("--scenario", f"trt={TRT}", "--scenario", f"trt_ai={TRT}+anastrozole:0.5mg/3.5d")
    return estrogenome("compare", vcf, *MAN, *QUICK, *scenarios, "--out", folder / "out", cwd=folder), folder / "out"


def test_it_writes_a_page_and_the_numbers(ran: tuple[object, Path]) -> None:
    done, out = ran
    assert done.status == 0, done.err
    assert done.out.strip() == str(out / "report.html")
    assert {path.name for path in out.iterdir()} == {"report.html", "compare.json"}
    written = json.loads((out / "compare.json").read_text(encoding="utf-8"))
    assert list(written["scenarios"]) == ["baseline", "trt", "trt_ai"]
    for scenario in written["scenarios"].values():
        assert {"e2", "e1", "e1s", "t", "lh", "fsh", "p4", "shbg"} <= {r["id"] for r in scenario["readouts"]}
        assert {"days", "median", "low90", "high90", "unit"} <= set(scenario["courses"]["e2"])
        assert all(low <= high for low, high in zip(scenario["courses"]["e2"]["low90"], scenario["courses"]["e2"]["high90"], strict=True))
    e2 = {(d["a"], d["b"]): d for d in written["differences"] if d["id"] == "e2"}
    assert e2["trt_ai", "trt"]["ratio_median"] < 1
    assert e2["trt_ai", "trt"]["probability_a_above_b"] < 0.05
    low, high = e2["trt_ai", "trt"]["ratio_interval90"]
    assert low < e2["trt_ai", "trt"]["ratio_median"] < high


def test_what_the_data_cannot_tell_is_marked(ran: tuple[object, Path]) -> None:
    written = json.loads((ran[1] / "compare.json").read_text(encoding="utf-8"))
    marked = {name: [r["id"] for r in s["readouts"] if r["undetermined"]] for name, s in written["scenarios"].items()}
    assert marked == {"baseline": [], "trt": [], "trt_ai": ["lh", "fsh", "ratio_lh_fsh"]}


def test_the_page_says_how_to_make_it_again(ran: tuple[object, Path]) -> None:
    written = json.loads((ran[1] / "compare.json").read_text(encoding="utf-8"))
    assert written["command"].startswith("estrogenome compare FILE --sex male --age 45 --state man --days 14 --loop closed --scenario trt=")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--scenario", TRT), ("--scenario", "NAME=REGIMENS")),
        (("--scenario", f"baseline={TRT}"), ("baseline", "another name")),
        (("--scenario", f"a={TRT}", "--scenario", f"a={TRT}"), ("a", "before")),
        (("--scenario", "a="), ("gives nothing",)),
        (("--scenario", f"a b={TRT}"), ("NAME=REGIMENS",)),
        (("--scenario", "a=luck:1mg/1d"), ("luck", "testosterone_cypionate")),
        (("--scenario", "a=testosterone_cypionate:100/7d"), ("no unit", "mg")),
        (("--scenario", "a=testosterone_cypionate:-100mg/7d"), ("out of range",)),
        (("--scenario", "a=testosterone_cypionate:90000mg/7d"), ("out of range",)),
        (("--scenario", f"a={TRT}@20d-10d"), ("stop", "behind the start")),
        (("--scenario", f"a={TRT}@99d"), ("day 99", "ends on day 14")),
        (("--protocol", "luck"), ("luck", "trt_cypionate")),
        (("--protocol", "luck.yaml"), ("luck.yaml", "no such file")),
        (("--cycle", "luck"), ("luck", "testes")),
        (("--days", "0"), ("0 days",)),
        (("--days", "nan"), ("days",)),
        (("--loop", "shut"), ("--loop",)),
    ],
)
def test_a_mistake_is_one_line(
    options: tuple[str, ...], words: tuple[str, ...], vcf: Path, tmp_path: Path, estrogenome: Callable[..., object]
) -> None:
    done = estrogenome("compare", vcf, *MAN, *QUICK, *options, "--out", tmp_path / "out")
    assert done.status == 2, (done.out, done.err)
    assert done.err.count("\n") == 1, done.err
    assert all(word in done.err for word in words), done.err
    assert not (tmp_path / "out").exists()


def test_a_protocol_of_ones_own(vcf: Path, tmp_path: Path, estrogenome: Callable[..., object]) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(f"regimens:\n  - {TRT}@0d-7d\n  - testosterone_cypionate:120mg/7d@7d\n", encoding="utf-8")
    done = estrogenome("compare", vcf, *MAN, *QUICK, "--protocol", own, "--therapy", TRT, "--out", tmp_path / "out")
    assert done.status == 0, done.err
    written = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert list(written["scenarios"]) == ["baseline", "therapy", "mine"]
    assert [g["text"].split()[0] for g in written["scenarios"]["mine"]["given"]] == ["100", "120"]


def test_stopped_on_the_way_it_leaves_nothing(vcf: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "estrogenome.cli.main", "compare", str(vcf), *MAN, "--draws", "2000", "--scenario", f"a={TRT}"]
    running = subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")], stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUTF8": "1"}
    )
    time.sleep(6)
    running.send_signal(signal.SIGTERM)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM
    assert err.strip().endswith("stopped; nothing was written")
    assert [path.name for path in tmp_path.iterdir()] == [vcf.name]


def test_a_measured_level_leaves_the_axis_its_answer_to_another_genotype(make_vcf: Callable[..., Path]) -> None:
    """Who measured his testosterone is at rest where he measured it; another genotype in his body is still answered."""
    person = Person(sex="male", age=45, state="man", measured={"baseline_T": 12.0})
    made = compare(make_vcf(), person, {}, days=14, draws=40)
    effect = next(e for e in made.loops if e.id == "e2")
    assert effect.buffered.median > 0.1
    low, high = made.scenarios["baseline"].readouts[0].interval90
    assert low < 12.0 * 28.842 < high
