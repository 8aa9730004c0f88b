"""`make up` while another start is under way, and where it could never succeed."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tirek_local.commands import up
from tirek_local.supervisor.ownership import Ownership
from tirek_local.supervisor.status import Status


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Ownership]:
    """The first `make up`, which owns the data and is starting."""
    owner = Ownership(tmp_path)
    owner.take()
    Status("starting", steps=["starting PostgreSQL"]).write(tmp_path)
    yield owner
    owner.release()


@pytest.fixture
def second(first: Ownership, tmp_path: Path) -> Iterator["Future[None]"]:
    """A second `make up`, which waits."""
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(up, tmp_path)
        with pytest.raises(TimeoutError):
            running.result(0.5)
        yield running
        first.release()


def test_a_second_start_waits_until_the_first_one_runs(
    second: "Future[None]", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Status("running", urls={"grants": "http://127.0.0.1:1"}).write(tmp_path)
    second.result(10)
    assert "http://127.0.0.1:1/docs" in capsys.readouterr().out


def test_a_second_start_fails_where_the_first_one_does(
    first: Ownership, second: "Future[None]", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Status("failed", what="PostgreSQL did not start.").write(tmp_path)
    first.release()
    with pytest.raises(SystemExit) as failed:
        second.result(10)
    assert failed.value.code == 1
    assert "PostgreSQL did not start." in capsys.readouterr().out


def test_a_taken_port_is_said_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("TIREK_GRANTS_PORT", port)
        with pytest.raises(SystemExit) as refused:
            up(data)
    assert refused.value.code not in (0, None)
    told = capsys.readouterr()
    assert port in told.out + told.err
    assert not data.exists()
