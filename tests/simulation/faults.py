"""How each step of a scenario is done to the simulated installation."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiokafka import TopicPartition

from shared.events.partitions import PARTITIONS
from tests.simulation.business import counting
from tests.simulation.house import House
from tests.simulation.scenario import Step
from tests.simulation.world import Process, Trap

AWAKE_AGAIN = 10.0
"""Seconds after which PostgreSQL ends the transaction of a client that does nothing."""


def do(house: House, step: Step) -> None:
    """Do it; counted as fired only where it met something."""
    if step.kind == "command":
        task = asyncio.get_running_loop().create_task(house.command(**step.given), name=f"command {step.at}")
        house.operator.tasks.append(task)
        return
    if step.kind in ("late", "twice", "no offset", "fatal"):
        house.world.traps.append(Trap(step.kind, "produce", "counting", step.given["nth"]))
    elif step.kind == "trap":
        given = step.given
        house.world.traps.append(Trap(given["hit"], given["point"], given["service"], given["nth"]))
    else:
        DOING[step.kind](house, step.given)


def _worker(house: House, service: str) -> Process | None:
    alive = [process for process in house.workers[service] if process.alive]
    return house.world.draw.choice(alive) if alive else None


def _kill(house: House, given: dict[str, Any]) -> None:
    if (process := _worker(house, given["service"])) is not None:
        house.world.fire("kill")
        process.kill()


def _freeze(house: House, given: dict[str, Any]) -> None:
    process, loop = _worker(house, given["service"]), house.world.loop
    if process is None or process.frozen is not None:
        return
    house.world.fire("freeze")
    process.frozen = loop.create_future()
    server = house.servers[given["service"]]
    cuts_lease = house.world.draw.random() < 0.5

    def ends_idle() -> None:
        if process.frozen is None:
            return
        for connection in [each for each in server.connections if each._process is process]:
            connection.cut()

    def loses_session() -> None:
        if process.frozen is None:
            return
        for name, group in house.kafka.groups.items():
            for member in [each for each in group.members if each._process is process]:
                house.kafka.leave(name, member, member._topics)
        if cuts_lease:
            for direct in [each for each in server.directs if each._process is process]:
                direct.terminate()

    loop.call_later(6.0, loses_session)
    loop.call_later(AWAKE_AGAIN, ends_idle)
    loop.call_later(given["seconds"], thaw, process)


def thaw(process: Process) -> None:
    """SIGCONT."""
    if process.frozen is not None:
        process.frozen.set_result(None)
        process.frozen = None


def _database_down(house: House, given: dict[str, Any]) -> None:
    server = house.servers[given["service"]]
    house.world.fire("database down")
    server.down = True
    server.cut_all()

    def up() -> None:
        server.down = False

    house.world.loop.call_later(given["seconds"], up)


def _lease_cut(house: House, given: dict[str, Any]) -> None:
    if (held := house.servers["counting"].lock_held_by) is not None:
        house.world.fire("lease cut")
        held.terminate()


def _broker_down(house: House, given: dict[str, Any]) -> None:
    house.world.fire("broker down")
    house.kafka.down = True

    def up() -> None:
        house.kafka.down = False

    house.world.loop.call_later(given["seconds"], up)


def _blind(house: House, given: dict[str, Any]) -> None:
    """A broker forgets when it comes back after a crash: some clients find it again later than others."""
    house.kafka.blind_until = house.world.loop.time() + given["blind"]


def _forget_the_tail(house: House, given: dict[str, Any]) -> None:
    places = house.kafka.places(counting.topic)
    full = [place for place in places if house.kafka.log(place)]
    for place in house.world.draw.sample(full, min(len(full), given["partitions"])):
        lost = house.kafka.truncate(place, max(1, int(len(house.kafka.log(place)) * given["share"])))
        house.world.fire("forget the tail")
        _blind(house, given)
        house.world.note(f"{lost} records of {place.partition} are gone, it ends at {len(house.kafka.log(place))}")


def _forget_all(house: House, given: dict[str, Any]) -> None:
    lost = sum(house.kafka.truncate(place, 10**9) for place in house.kafka.places(counting.topic))
    if lost:
        house.world.fire("forget all")
        _blind(house, given)
    if given["offsets"]:
        for group in house.kafka.groups.values():
            group.offsets.clear()


def _hang(house: House, given: dict[str, Any]) -> None:
    house.world.traps.append(Trap("hang", "poll", given["service"]))


def _rebalance(house: House, given: dict[str, Any]) -> None:
    for name, group in house.kafka.groups.items():
        if name.startswith(given["service"]) and group.members:
            house.world.fire("rebalance")
            house.world.draw.shuffle(group.members)
            group.balance(house.kafka.places(counting.topic))


def _offsets_lost(house: House, given: dict[str, Any]) -> None:
    for name, group in house.kafka.groups.items():
        if name.startswith(given["service"]) and group.offsets:
            house.world.fire("offsets lost")
            group.offsets.clear()
            group.balance(house.kafka.places(counting.topic))


def _stray(house: House, given: dict[str, Any]) -> None:
    if not house.kafka.down:
        house.world.fire("stray")
        house.kafka.stray(TopicPartition(counting.topic, given["partition"] % PARTITIONS))


def _replay(house: House, given: dict[str, Any]) -> None:
    house.world.fire("replay")
    house.operator.start(house.replay())


def _backup(house: House, given: dict[str, Any]) -> None:
    house.back_up()


def _restore(house: House, given: dict[str, Any]) -> None:
    house.world.fire("restore")
    house.restore()


DOING: dict[str, Callable[[House, dict[str, Any]], None]] = {
    "kill": _kill,
    "freeze": _freeze,
    "database down": _database_down,
    "lease cut": _lease_cut,
    "broker down": _broker_down,
    "forget the tail": _forget_the_tail,
    "forget all": _forget_all,
    "hang": _hang,
    "rebalance": _rebalance,
    "offsets lost": _offsets_lost,
    "stray": _stray,
    "replay": _replay,
    "backup": _backup,
    "restore": _restore,
}
