"""A published schema only gains optional members: every other change is a broken promise, and is named."""

from copy import deepcopy
from typing import Any

import pytest

from shared.published.compatibility import broken_promises

RELEASED: dict[str, Any] = {
    "title": "ClaimSettled",
    "type": "object",
    "required": ["claim_id", "status"],
    "additionalProperties": True,
    "properties": {
        "claim_id": {"type": "string", "format": "uuid"},
        "status": {"enum": ["settled", "open"], "type": "string"},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "by_year": {"type": "object", "additionalProperties": {"type": "string"}},
        "reason": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
    },
    "$defs": {"Part": {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "string"}}}},
}


def changed(**members: Any) -> dict[str, Any]:
    """The released schema with other parts, each by its path with `__` between: None takes the part away."""
    schema = deepcopy(RELEASED)
    for path, value in members.items():
        *way, last = path.split("__")
        place: Any = schema
        for step in way:
            place = place["$defs" if step == "defs" else step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return schema


WRITTEN_IN_PLACE = {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "string"}}}
DESCRIBED = {"type": "string", "format": "uuid", "description": "Its id."}


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(RELEASED, id="as it was"),
        pytest.param(changed(properties__since={"type": "string"}), id="a further member"),
        pytest.param(changed(title="Claim settled", properties__claim_id=DESCRIBED), id="other words"),
        pytest.param(changed(defs__Part__properties__unit={"type": "string"}), id="a further member of a part"),
        pytest.param(changed(additionalProperties=None), id="open as before"),
        pytest.param(changed(properties__parts__items=WRITTEN_IN_PLACE), id="a part written in place"),
    ],
)
def test_what_only_gains_optional_members_keeps_its_promise(kept: dict[str, Any]) -> None:
    assert broken_promises(RELEASED, kept) == []


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        (changed(properties__by_year=None), "/by_year is gone"),
        (changed(required=["claim_id"]), "/status is optional now: readers rely on it"),
        (changed(required=["claim_id", "parts", "status"]), "/parts is required now: events in the log lack it"),
        (changed(properties__claim_id__type="integer"), "/claim_id: type was 'string', is 'integer'"),
        (changed(properties__claim_id__format=None), "/claim_id: format was 'uuid', is None"),
        (changed(properties__claim_id__maxLength=36), "/claim_id: maxLength was None, is 36"),
        (changed(properties__status__enum=["settled"]), "/status: no longer among the values: open"),
        (
            changed(properties__status__enum=["settled", "open", "void"]),
            "/status: readers do not know the values: void",
        ),
        (
            changed(properties__reason__anyOf=[{"type": "string"}]),
            "/reason: the number of alternatives was 2, is 1",
        ),
        (
            changed(properties__reason__anyOf=[{"type": "integer"}, {"type": "null"}]),
            "/reason/anyOf/0: type was 'string', is 'integer'",
        ),
        (changed(defs__Part__properties__amount=None), "/parts/items/amount is gone"),
        (changed(properties__parts__items={"type": "string"}), "/parts/items/amount is gone"),
        (changed(additionalProperties=False), "/: additionalProperties was True, is False"),
        (
            changed(properties__by_year__additionalProperties=False),
            "/by_year: additionalProperties was {'type': 'string'}, is False",
        ),
        (
            changed(properties__by_year__additionalProperties=None),
            "/by_year: additionalProperties was {'type': 'string'}, is True",
        ),
        (
            changed(properties__by_year__additionalProperties={"type": "integer"}),
            "/by_year/additionalProperties: type was 'string', is 'integer'",
        ),
        (
            changed(properties__parts__items=None),
            "/parts: items was {'$ref': '#/$defs/Part'}, is True",
        ),
    ],
)
def test_every_other_change_is_named(broken: dict[str, Any], line: str) -> None:
    assert line in broken_promises(RELEASED, broken)


def test_a_schema_that_was_closed_may_not_be_opened_either() -> None:
    closed = changed(additionalProperties=False)
    assert broken_promises(closed, RELEASED) == ["/: additionalProperties was False, is True"]
