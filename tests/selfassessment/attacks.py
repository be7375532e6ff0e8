"""Somebody who tries to make out few among many, by linear algebra; no code of ours is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable
from fractions import Fraction
from itertools import combinations

SIX = 6  # written out here: a threshold lowered in the code must fail


def rank(rows: list[list[int]]) -> int:
    """How many of these sums are of use, by Gauss."""
    matrix = [[Fraction(cell) for cell in row] for row in rows]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((r for r in range(found, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for other in range(found + 1, len(matrix)):
            factor = matrix[other][column] / matrix[found][column]
            matrix[other] = [
                a - factor * b for a, b in zip(matrix[other], matrix[found], strict=True)
            ]
        found += 1
    return found


def fewest_made_out(sets: Collection[frozenset[Hashable]]) -> int | None:
    """The fewest members that any sum of what is known of these sets rests on; None if not few.

    Members in the same sets cannot be told apart; of the others, does any sum of the sets vanish
    on all but a few? Then it says something of those few.
    """
    known = list(sets)
    everybody = frozenset().union(*known)
    alike = Counter(tuple(int(member in one) for one in known) for member in everybody)
    columns = sorted(alike)
    whole = rank([[column[n] for column in columns] for n in range(len(known))])
    small = [column for column in columns if alike[column] < SIX]
    for size in range(1, SIX):
        for few in combinations(small, size):
            if sum(alike[column] for column in few) >= SIX:
                continue
            rest = [column for column in columns if column not in few]
            if rank([[column[n] for column in rest] for n in range(len(known))]) < whole:
                return sum(alike[column] for column in few)
    return None
