"""The kit: its cases are the oracle's and cover everything, our engine passes it both ways, wrong engines do not."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from shared.access.roles import Role
from tests.conformance import engine, oracle
from tests.conformance.asking import Http, function
from tests.conformance.derivation import told
from tests.conformance.generate import CASES, VECTORS, as_text
from tests.conformance.kit import ask_one, difference, examine, load
from tests.conformance.scoreboard import as_text as report_of
from tests.conformance.scoreboard import score_of
from tests.conformance.wrong import ENGINES
from tests.obligations.conftest import world
from tests.obligations.world import World

__all__ = ["world"]

TRIES = 8
REJECTED = 3
"""So many cases have to reject an engine that is wrong; the first ones are enough for the test."""


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    return load()


def test_there_are_three_hundred_cases_and_more_each_with_its_derivation(cases: list[dict[str, Any]]) -> None:
    assert len({case["id"] for case in cases}) == len(cases) >= 300
    assert all(case["derivation"] for case in cases)
    assert CASES.read_text("utf-8") == as_text(cases)


def test_what_is_expected_is_what_the_oracle_says_and_how_it_says_it(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        said, words = told(case["question"])
        assert difference(case["expect"], said) == "", case["id"]
        assert case["derivation"] == words, case["id"]


def test_what_was_published_is_among_what_is_expected(cases: list[dict[str, Any]]) -> None:
    by_id = {case["id"]: case for case in cases}
    for vector in json.loads(VECTORS.read_text("utf-8"))["vectors"]:
        expected = by_id[vector["id"]]["expect"]
        assert {name: expected[name] for name in vector["expect"] if name != "segments"}.items() <= vector[
            "expect"
        ].items()
        assert by_id[vector["id"]]["source"] == vector["source"]


def test_no_value_no_pair_no_refusal_and_no_tie_is_left_out(cases: list[dict[str, Any]]) -> None:
    assert score_of(ask_one(engine.answer, case) for case in cases).uncovered() == []


@pytest.mark.parametrize("named", ["tests.conformance.engine:answer", "tests.conformance.oracle:answer"])
def test_an_implementation_in_python_conforms(named: str, cases: list[dict[str, Any]]) -> None:
    found = examine(function(named), cases, tries=TRIES)
    assert found.conforms, report_of(named, found)


async def test_our_calculator_conforms_over_http(world: World, cases: list[dict[str, Any]]) -> None:
    token = world.issuer.mint(subject="officer-1", roles=[Role.OFFICER], institute="industry")
    async with served(world.app) as root:
        ask = Http(f"{root}/v1/repayment-calculations", token)
        found = await asyncio.to_thread(partial(examine, ask, cases, tries=TRIES))
        ask.close()
    assert found.conforms, report_of("over HTTP", found)


@pytest.mark.parametrize("name", ENGINES)
def test_a_wrong_engine_is_rejected(name: str, cases: list[dict[str, Any]]) -> None:
    rejecting: list[str] = []
    for case in cases:
        asked = ask_one(ENGINES[name].answers, case)
        rejecting += [] if asked.passed else [case["id"]]
        if len(rejecting) == REJECTED:
            return
    raise AssertionError(f"{ENGINES[name].__doc__} Only {rejecting} reject it.")


def test_the_report_shows_the_first_case_that_differs_with_its_derivation(cases: list[dict[str, Any]]) -> None:
    text = report_of("wrong", examine(ENGINES["Actual360"].answers, cases[:40], tries=1))
    assert "wrong: does not conform" in text
    assert "first differing: kz-piecewise" in text
    assert "30000000.00 × 15.25 % × 36 / 365 = 451232.876712…" in text


def test_an_implementation_that_answers_everything_or_nothing_is_rejected(cases: list[dict[str, Any]]) -> None:
    def silent(question: dict[str, Any]) -> dict[str, Any]:
        raise OSError("gone")

    refused = next(case for case in cases if "refused" in case["expect"])
    assert "no answer" in ask_one(silent, refused).differs
    assert "is refused" in ask_one(lambda _: oracle.answer(cases[0]["question"]), refused).differs
    assert "has an answer" in ask_one(lambda _: {"refused": "rate-unknown"}, cases[0]).differs


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a port of its own on loopback."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving
