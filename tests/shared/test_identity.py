import hmac
import uuid

from hypothesis import given
from hypothesis import strategies as st

from shared.identity import derived_id, new_id, recipient_id


def test_new_ids_are_of_version_7_and_in_the_order_of_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {(id_.version, id_.variant) for id_ in ids} == {(7, uuid.RFC_4122)}
    assert len(set(ids)) == 1000
    assert [id_.int >> 80 for id_ in ids] == sorted(id_.int >> 80 for id_ in ids)


@given(st.text(alphabet="0123456789", min_size=12, max_size=12))
def test_a_company_has_one_identifier_under_one_key_and_another_under_another(number: str) -> None:
    one = recipient_id(number, b"key")
    assert (one.version, one.variant) == (8, uuid.RFC_4122)
    assert one == recipient_id(number, b"key") != recipient_id(number, b"other")
    assert one.int >> 80 == int.from_bytes(hmac.digest(b"key", number.encode(), "sha256")[:6])


def test_parts_that_differ_only_in_where_they_are_cut_give_different_ids() -> None:
    assert derived_id("a", "bc") != derived_id("ab", "c")
