"""Academic years: September to August, named by the year they begin in."""

from __future__ import annotations

from datetime import date

FIRST_MONTH = 9


def academic_year(day: date) -> int:
    """The academic year that `day` lies in, as its first calendar year: 31 Aug 2026 is 2025."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def year_name(year: int) -> str:
    """How an academic year is written: 2025 is “2025/26”."""
    return f"{year}/{(year + 1) % 100:02d}"
