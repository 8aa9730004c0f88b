import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tirek_local.servers import Trouble
from tirek_local.servers.child import Child, guarded, living_pid
from tirek_local.supervisor.process import Process

SLEEPER = [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(600)"]

OWNER = """
import sys, time
from pathlib import Path
from tirek_local.servers import KafkaServer, PostgresServer
from tirek_local.servers.temporary import TemporaryHome
with TemporaryHome() as home:
    postgres, kafka = PostgresServer(home / "postgres").start(), KafkaServer(home / "kafka").start()
    print(home, postgres.pid, kafka.pid, flush=True)
    time.sleep(600)
"""


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone_within(seconds: float, *pids: int) -> bool:
    deadline = time.monotonic() + seconds
    while any(lives(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def mentioning(words: str) -> list[str]:
    """The command lines of all processes that name the words."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if words in line:
            lines.append(line)
    return lines


@pytest.mark.kill
def test_killing_the_owner_leaves_no_server_and_no_file() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout:
        home, postgres, kafka = owner.stdout.readline().split()
    assert lives(int(postgres))
    assert lives(int(kafka))
    owner.kill()
    owner.wait()
    assert gone_within(20, int(postgres), int(kafka))
    deadline = time.monotonic() + 20
    while (Path(home).exists() or mentioning(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert mentioning(home) == []
    assert not Path(home).exists()


@pytest.mark.kill
def test_killing_the_keeper_takes_its_process_with_it(tmp_path: Path) -> None:
    child = Child(guarded(SLEEPER, signal.SIGTERM), log=tmp_path / "log", pid_file=tmp_path / "child.pid")
    child.start()
    assert child.pid is not None
    pid, keeper = child.pid, int(Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(keeper, signal.SIGKILL)
    assert gone_within(5, pid)
    assert (tmp_path / "child.pid").exists()
    assert living_pid(tmp_path / "child.pid") is None
    child.stop()
    again = Child(SLEEPER, log=tmp_path / "log", pid_file=tmp_path / "child.pid")
    again.start()
    again.stop()
    assert not (tmp_path / "child.pid").exists()


def test_a_process_that_ignores_its_stop_signal_is_killed_after_the_grace(tmp_path: Path) -> None:
    deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"]
    child = Child(deaf, log=tmp_path / "log", pid_file=tmp_path / "child.pid", grace=1.0)
    child.start()
    time.sleep(0.3)
    pid = child.pid
    assert pid is not None
    child.stop()
    assert not lives(pid)
    assert child.exit_code == 128 + signal.SIGKILL


def test_each_process_has_a_group_of_its_own_and_its_children_go_with_it(tmp_path: Path) -> None:
    parent = "import subprocess, sys; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True)"
    child = Child([sys.executable, "-c", parent], log=tmp_path / "log", pid_file=tmp_path / "child.pid")
    child.start()
    assert child.pid is not None
    assert os.getpgid(child.pid) == child.pid if child.running else True
    while child.running:
        time.sleep(0.02)
    child.stop()
    assert gone_within(5, int((tmp_path / "log").read_text()))


def test_a_crashed_process_is_restarted_and_counted(tmp_path: Path) -> None:
    process = Process(
        "grants-worker", SLEEPER, log=tmp_path / "log", pid_file=tmp_path / "pid", environment=dict(os.environ), port=0
    )
    process.start()
    first = process.pid
    process.kill()
    deadline = time.monotonic() + 10
    while not process.running and time.monotonic() < deadline:
        process.revive()
        time.sleep(0.02)
    assert process.running
    assert process.pid != first
    assert process.restarts == 1
    process.stop()


def test_a_command_that_does_not_exist_is_named(tmp_path: Path) -> None:
    child = Child(["/no/such/program"], log=tmp_path / "log", pid_file=tmp_path / "child.pid")
    with pytest.raises(Trouble, match="/no/such/program"):
        child.start()
