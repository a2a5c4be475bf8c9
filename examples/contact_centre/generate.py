"""Generates performance.csv of this folder: 24 months of a contact centre that does not exist.

Run it with any Python: it writes the file beside itself. Whole numbers only, so every machine writes the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SEED = 20240401
HEADER = "period,calls,answered_in_time,abandoned,satisfaction,solved_at_once,solved_at_once.sample,note"

# What happened, by month of the term (1 is April 2024): tenths of a per cent lost on answering, and the remark.
EVENTS = {
    4: (45, "summer storms"),
    5: (60, "summer storms"),
    10: (-65, "quiet month with full staff"),
    14: (95, "new telephone system"),
    15: (160, "new telephone system"),
    16: (125, "new telephone system"),
    21: (40, "winter floods"),
}
NO_SURVEY = 8  # the survey was not sent in November 2024
SMALL_SAMPLE = 19  # 150 calls only were followed up in October 2025
USUAL_CALLS = (30500, 29000, 28000, 29500, 27000, 29000, 31500, 33000, 35500, 37000, 34500, 32000)


def numbers(seed: int) -> Iterator[int]:
    """Numbers from 0 to 65,535 without visible order: a linear congruence, its upper half."""
    state = seed
    while True:
        state = (1103515245 * state + 12345) % 2**31
        yield state >> 15


def rows() -> Iterator[str]:
    """The lines of the file, header first, without line ends."""
    yield HEADER
    chance = numbers(SEED)
    for month in range(1, 25):
        lost, note = EVENTS.get(month, (0, ""))
        calls = USUAL_CALLS[(month - 1) % 12] + next(chance) % 3000 - 1500 + 12 * max(lost, 0)
        answered = 848 + next(chance) % 41 - 20 - lost
        abandoned = 36 + next(chance) % 13 - 6 + max(lost, 0) // 3
        score = 431 + next(chance) % 15 - 7 - max(lost, 0) // 4
        solved = 779 + next(chance) % 71 - 35 - max(lost, 0) // 2
        sample = 150 if month == SMALL_SAMPLE else 400
        survey = "" if month == NO_SURVEY else f"{score // 100}.{score % 100:02}"
        year, number = 2024 + (month + 2) // 12, (month + 2) % 12 + 1
        yield (
            f"{year}-{number:02},{calls},{tenths(answered)}%,{tenths(abandoned)}%,{survey},"
            f"{tenths(solved)}%,{sample},{note}"
        )


def tenths(value: int) -> str:
    """A number of tenths as decimals: 848 is 84.8."""
    return f"{value // 10}.{value % 10}"


def text() -> str:
    """The whole file."""
    return "".join(f"{row}\n" for row in rows())


if __name__ == "__main__":
    Path(__file__).with_name("performance.csv").write_text(text(), encoding="utf-8", newline="\n")
