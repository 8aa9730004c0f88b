"""Dividing a whole number by weights so that the parts sum to it: the method of the largest remainder."""

from collections.abc import Sequence
from fractions import Fraction


def by_largest_remainder(whole: int, weights: Sequence[Fraction | int]) -> list[int]:
    """The parts of a whole number, tiyn say, in proportion to the weights; of equal remainders the first is served.

    No part is above its exact share rounded up, so none is above its weight where the weights sum to the whole or more.
    Raises `ValueError` for a whole below zero, a weight below zero, or weights that sum to nothing.
    """
    sum_ = sum(weights)
    if whole < 0 or sum_ <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("A whole and weights that are not negative are wanted, and some weight.")
    quotients = [divmod(whole * weight, sum_) for weight in weights]
    parts = [int(part) for part, _ in quotients]
    by_remainder = sorted(range(len(parts)), key=lambda n: (-quotients[n][1], n))
    for index in by_remainder[: whole - sum(parts)]:
        parts[index] += 1
    return parts
