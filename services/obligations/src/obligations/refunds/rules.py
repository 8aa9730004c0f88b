"""Which repayments a refund goes back out of: pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

Key = TypeVar("Key")


def taken_from(left_over: Mapping[Key, Decimal], amount: Decimal) -> dict[Key, Decimal]:
    """How much of a refund is taken out of each repayment, in tenge: the latest first, at most what it left over.

    `left_over` is what each repayment left over, in the order in which they were allocated. What a repayment covered
    stays covered: the figures of the claim do not move, only the overpayment shrinks.
    """
    taken: dict[Key, Decimal] = {}
    for key in reversed(list(left_over)):
        part = min(left_over[key], amount - sum(taken.values(), Decimal(0)))
        if part > 0:
            taken[key] = part
    return taken
