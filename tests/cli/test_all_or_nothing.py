"""Whatever stops the program, nothing half-written is left."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from estrogenome.cli import main
from estrogenome.cli.output import staged, staged_file
from estrogenome.cli.stop import Stopped, check, listening
from estrogenome.core.errors import InputError

WOMAN = ("--sex", "female", "--age", "30", "--state", "premenopausal")
PATIENCE = 60


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("delay", [0.0, 0.3, 0.6, 1.2])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_leaves_nothing(number: int, status: int, delay: float, vcf: Path, tmp_path: Path) -> None:
    before = {p.name for p in tmp_path.iterdir()}
    command = [sys.executable, "-m", "estrogenome.cli.main", "analyze", str(vcf), *WOMAN, "--draws", "20000", "-o", str(tmp_path / "out")]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    start = time.monotonic()
    while not any(p.name.startswith(".estrogenome-") for p in tmp_path.iterdir()):
        assert running.poll() is None
        assert time.monotonic() - start < PATIENCE
        time.sleep(0.02)
    time.sleep(delay)
    running.send_signal(number)
    out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == status, err
    assert "Traceback" not in err
    assert err == "estrogenome: stopped; nothing was written\n"
    assert not out
    assert {p.name for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("moment", ["mkdtemp", "rename", "rmtree"])
def test_a_signal_at_the_worst_moment_leaves_nothing_behind(moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes when the folder exists and its name is not known yet, when files are on the move, or when the folder is cleared away."""
    owner = {"mkdtemp": tempfile, "rename": Path, "rmtree": shutil}[moment]
    done = getattr(owner, moment)

    def interrupted(*args: object, **named: object) -> object:
        result = done(*args, **named)
        signal.raise_signal(signal.SIGTERM)
        return result

    monkeypatch.setattr(owner, moment, interrupted)
    with contextlib.suppress(Stopped), listening(), staged(tmp_path / "out") as folder:
        (folder / "report.json").touch()
    assert [p.name for p in tmp_path.rglob("*")] == ([] if moment == "mkdtemp" else ["out", "report.json"])


def test_a_signal_that_a_library_turns_into_its_own_error_is_a_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrapped(*_arguments: object, **_named: object) -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except Stopped as error:
            raise RuntimeError from error

    monkeypatch.setattr(main, "app", wrapped)
    with pytest.raises(SystemExit) as left:
        main.main([])
    assert left.value.code == 128 + signal.SIGTERM
    assert capsys.readouterr().err == "estrogenome: stopped; nothing was written\n"


def test_a_signal_while_rubbish_is_collected_says_nothing_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    class Rubbish:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    def leaves_rubbish() -> None:
        Rubbish()

    with pytest.raises(Stopped), listening():
        leaves_rubbish()
        check()
    assert not capsys.readouterr().err


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), staged(tmp_path) as folder:
        (folder / "report.json").write_text("new", encoding="utf-8")
        raise RuntimeError
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("report.json", "old")]


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    with staged(tmp_path / "a" / "b") as folder:
        (folder / "x").touch()
    assert os.listdir(tmp_path) == ["a"]
    assert os.listdir(tmp_path / "a" / "b") == ["x"]


def test_a_folder_in_the_way_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(InputError, match="is a folder"), staged(tmp_path) as folder:
        (folder / "a.json").touch()
        (folder / "report.json").touch()
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.json").symlink_to(elsewhere)
    with staged(out) as folder:
        (folder / "report.json").write_text("new", encoding="utf-8")
    assert elsewhere.read_text(encoding="utf-8") == "mine"
    assert not (out / "report.json").is_symlink()


def test_a_record_is_written_as_json(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="json"), staged_file(tmp_path / "d.txt"):
        pass
    with pytest.raises(InputError, match="folder"), staged_file(tmp_path):
        pass
    assert not os.listdir(tmp_path)
