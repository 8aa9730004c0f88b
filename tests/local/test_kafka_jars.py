import threading
from pathlib import Path

import pytest

from tirek_local.servers import Trouble
from tirek_local.servers.jars import LOCK_FILE, ensure_jars, pinned_jars


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A cache with all jars, as hard links to the user's own."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for jar in ensure_jars():
        (folder / jar.name).hardlink_to(jar)
    return folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")


def test_every_jar_is_pinned_and_the_lock_names_no_host() -> None:
    assert pinned_jars()[0].filename == "kafka_2.13-4.3.1.jar"
    assert all(len(jar.sha256) == 64 for jar in pinned_jars())
    assert "://" not in LOCK_FILE.read_text(encoding="utf-8")


def test_a_whole_cache_needs_no_network(whole: Path, no_network: None) -> None:
    assert len(ensure_jars(folder=whole)) == len(pinned_jars())


def test_without_the_network_the_first_run_says_what_is_missing(tmp_path: Path, no_network: None) -> None:
    with pytest.raises(Trouble, match="needs the network"):
        ensure_jars(folder=tmp_path)
    assert not (tmp_path / ".fetching").exists()


def test_a_damaged_jar_is_fetched_again_by_one_of_two_runs(whole: Path) -> None:
    damaged = next(jar for jar in pinned_jars() if jar.artifact == "slf4j-api")
    (whole / damaged.filename).unlink()
    (whole / damaged.filename).write_bytes(b"half of a jar")
    fetched: list[int] = []

    def run() -> None:
        ensure_jars(lambda word, ready, total: fetched.append(ready) if ready == total else None, whole)

    runs = [threading.Thread(target=run) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert damaged.is_in(whole)
    assert len(fetched) == 1


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Trouble, match="file"):
        ensure_jars(folder=tmp_path / "file" / "cache")
