"""What people write where a date is asked for: “Sept–March”, “end of autumn term”, “ongoing”.

Pure. Days are British (31/3/27), and a month without a year is the one within the plan's period.
Whatever is read, `says_all` tells whether the cell says more than the dates do: then its text is
kept as well.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dateutil.easter import easter

from actionplans.keeping.terms import Dates
from actionplans.models import Term, first_day, last_day
from portal.years import academic_year

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|"
    r"may(?!\s+(?:be|need|have|not|vary|change|take|also|still|mean)\b)|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
YEAR = r"(?P<year>(?:19|20)\d\d)"
SHORT = r"[’']?(?P<short>\d\d)(?![\d/.:%])"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
EARLY = r"(?:(?P<part>early|start of|beginning of|mid|middle of|late|end of|end)[- ]+(?:the\s+)?)?"
# The beginnings and ends of what a spreadsheet counts its days as, 2000 to 2099
FIRST_SERIAL, LAST_SERIAL, SERIAL_DAY = 36_526, 73_050, dt.date(1899, 12, 30)
EARLY_DAY, MIDDLE_DAY, CENTURY = 10, 15, 2000
LONGEST = 600  # characters of a cell that may say when; more is a story
YEARS_AROUND = 6  # of the plan's own, that two digits may stand for

ONGOING = re.compile(
    r"\b(on-?going|continu\w+|rolling|each|every|(?:half-?)?termly|monthly|weekly|daily|annual\w*|"
    r"yearly|quarterly|regular\w*|permanent\w*|throughout|always|as (?:needed|required|and when)|"
    r"asap|immediate\w*|tb[acd]|to be (?:confirmed|agreed|decided|arranged)|n/?a|none|no date)\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s*(?:-|–|—|→|/|to|until|till|through)\s*", re.IGNORECASE)
STARTING = re.compile(r"\b(?:from|since|start(?:s|ing|ed)?|beginning|begins?|w/c)[\s:]*$", re.I)
ONLY_WORDS = re.compile(r"^(?:by|due|on|in|before|until|for)\b[\s:]*(?:the\s+)?", re.IGNORECASE)
PIECES = re.compile(r"[\n;]+")
LOOSE = " \t,.:;–—-()[]•*|/"
CONNECTORS = re.compile(
    r"^(?:by|in|on|and|then|due|before)\b[\s:]*|[\s:]*\b(?:by|in|on|due)$", re.I
)


@dataclass(frozen=True)
class Period:
    """When a plan is for, and the terms of its music service around it."""

    starts_on: dt.date
    ends_on: dt.date
    terms: Sequence[Dates] = ()


@dataclass(frozen=True)
class Found:
    """A stretch of time, where it stands in the text, and whether a day was given as a day."""

    first: dt.date
    last: dt.date
    begin: int
    end: int
    is_day: bool = False


@dataclass(frozen=True)
class When:
    """What a cell says of time. `ongoing`: it says that there is no date, in its own words."""

    start: dt.date | None = None
    due: dt.date | None = None
    steps: tuple[tuple[str, dt.date], ...] = ()
    ongoing: bool = False
    says_all: bool = False


def read(text: str, period: Period) -> When:
    """Everything a cell says of time."""
    if len(text) > LONGEST:
        return When()
    found = joined(text, find(text, period))
    if not found:
        return When(ongoing=bool(ONGOING.search(text)))
    if len(found) == 1:
        [one] = found
        if STARTING.search(text[: one.begin]):
            return When(start=one.first)
        says_all = one.is_day and not ONLY_WORDS.sub("", outside(text, one)).strip(LOOSE)
        start = one.first if (one.last - one.first).days > month_length(one.first) else None
        return When(start, one.last, says_all=says_all)
    last = max(found, key=lambda one: one.last)
    return When(due=last.last, steps=steps(text, found, last))


def day(text: str, period: Period) -> tuple[dt.date | None, bool]:
    """One day, and whether that is all the cell says: for a column with a date by its nature."""
    found = joined(text, find(text, period)) if len(text) <= LONGEST else []
    if len(found) != 1:
        return None, False
    [one] = found
    return one.first, one.is_day and not ONLY_WORDS.sub("", outside(text, one)).strip(LOOSE)


def month_length(one: dt.date) -> int:
    return monthrange(one.year, one.month)[1]


def outside(text: str, one: Found) -> str:
    return f"{text[: one.begin]} {text[one.end :]}".strip()


def joined(text: str, found: list[Found]) -> list[Found]:
    """Two dates with no more than a dash between them are one stretch of time."""
    result: list[Found] = []
    for one in found:
        before = result[-1] if result else None
        if before and BETWEEN.fullmatch(text[before.end : one.begin]) and before.first <= one.last:
            result[-1] = Found(before.first, one.last, before.begin, one.end)
        else:
            result.append(one)
    return result


def steps(text: str, found: list[Found], last: Found) -> tuple[tuple[str, dt.date], ...]:
    """Each earlier date with its words, or nothing where one has none."""
    earlier = [one for one in found if one is not last]
    cuts = {0, len(text)} | {match.end() for match in PIECES.finditer(text)}
    if len(cuts) - 1 < len(found):
        cuts |= {match.end() for match in re.finditer(r",", text)}
    places = sorted(cuts)
    pieces = list(pairwise(places))
    result = []
    for one in earlier:
        begin, end = next(p for p in pieces if p[0] <= one.begin < p[1])
        if sum(begin <= other.begin < end for other in found) > 1 or one.end > end:
            return ()
        words = f"{text[begin : one.begin]} {text[one.end : end]}".strip(LOOSE + "\n")
        for _ in range(2):
            words = CONNECTORS.sub("", words).strip(LOOSE + "\n")
        if not any(letter.isalpha() for letter in words):
            return ()
        result.append((" ".join(words.split()), one.last))
    return tuple(result)


# Looking for dates


def find(text: str, period: Period) -> list[Found]:
    """Every date in a text, in its order; the first pattern to fit a place has it."""
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text.strip()):
        serial = int(float(text))
        if FIRST_SERIAL <= serial <= LAST_SERIAL:
            day = SERIAL_DAY + dt.timedelta(days=serial)
            return [Found(day, day, 0, len(text), is_day=True)]
    found: list[Found] = []
    for pattern, reader in READERS:
        for match in pattern.finditer(text):
            free = all(match.end() <= one.begin or match.start() >= one.end for one in found)
            try:
                span = reader(match, period) if free else None
            except ValueError:  # there is no such day
                span = None
            if span:
                first, last, is_day = span
                found.append(Found(first, last, match.start(), match.end(), is_day))
    found.sort(key=lambda one: one.begin)
    return with_years(text, found)


def with_years(text: str, found: list[Found]) -> list[Found]:
    """“Sept–March 2027” and “Sept 2027 – March”: a month takes its year from the other's."""
    result = list(found)
    for at, (one, other) in enumerate(pairwise(found)):
        if not BETWEEN.fullmatch(text[one.end : other.begin]):
            continue
        has_year = [re.search(r"\d\d$", text[two.begin : two.end]) for two in (one, other)]
        if has_year[1] and not has_year[0]:
            while result[at].first > other.last:
                result[at] = moved(result[at], -1)
            while moved(result[at], 1).first <= other.first:
                result[at] = moved(result[at], 1)
        elif not has_year[1]:
            while result[at + 1].last < result[at].first:
                result[at + 1] = moved(result[at + 1], 1)
    return result


def moved(one: Found, years: int) -> Found:
    first = one.first.replace(day=1, year=one.first.year + years)
    last = first.replace(day=min(one.last.day, month_length(first)), month=one.last.month)
    last = last.replace(day=month_length(last)) if one.last.day >= 28 else last
    return Found(first, last, one.begin, one.end, one.is_day)


Span = tuple[dt.date, dt.date, bool]  # first, last, whether a day was given


def at_day(match: re.Match[str], period: Period) -> Span | None:
    """31/3/27, 31 March 2027, 31 March."""
    given = match.groupdict()
    name = given.get("month") or ""
    month = int(name) if name.isdecimal() else MONTHS.index(name[:3].lower()) + 1
    number = int(given["day"])
    year = year_of(given, period)
    if year is None:
        year = year_of_month(month, number, period)
    one = dt.date(year, month, number)
    return one, one, True


def at_month(match: re.Match[str], period: Period) -> Span | None:
    """March 2027, mid-March, Mar-27."""
    given = match.groupdict()
    name = given["month"]
    month = int(name) if name.isdecimal() else MONTHS.index(name[:3].lower()) + 1
    year = year_of(given, period)
    if year is None:
        year = year_of_month(month, None, period)
    first = dt.date(year, month, 1)
    part = (given.get("part") or "").lower()
    last = first.replace(day=month_length(first))
    if part.startswith(("early", "start", "begin")):
        last = first.replace(day=EARLY_DAY)
    elif part.startswith("mid"):
        last = first.replace(day=MIDDLE_DAY)
    return first, last, False


def year_of(given: dict[str, str | None], period: Period) -> int | None:
    """The year as written; two digits are one where they lie near the plan."""
    if given.get("year"):
        return int(given["year"] or 0)
    if given.get("short"):
        year = CENTURY + int(given["short"] or 0)
        if abs(year - period.starts_on.year) > YEARS_AROUND + period_years(period):
            raise ValueError(year)
        return year
    return None


def period_years(period: Period) -> int:
    return period.ends_on.year - period.starts_on.year


def year_of_month(month: int, number: int | None, period: Period) -> int:
    """The first year in which the month, or the day in it, is not before the plan."""
    year = period.starts_on.year
    last = number or monthrange(year, month)[1]
    return year if (month, last) >= (period.starts_on.month, period.starts_on.day) else year + 1


def at_academic_year(match: re.Match[str], _: Period) -> Span | None:
    """2026/27: September to August; 2026–29: to August of the last."""
    first = int(match["year"])
    years = int(match["next"]) - first % 100
    if not 0 < years <= YEARS_AROUND:
        return None
    return first_day(first), last_day(first + years - 1), False


def at_year(match: re.Match[str], period: Period) -> Span | None:
    """2027: to its end, or to the plan's where that comes first."""
    year = int(match["year"])
    last = dt.date(year, 12, 31)
    return dt.date(year, 1, 1), period.ends_on if period.ends_on.year == year else last, False


def at_end_of_year(match: re.Match[str], period: Period) -> Span | None:
    """The end of the school year, of the financial year, of the plan."""
    kind = match["kind"] or ""
    if kind.lower().startswith("financial"):
        last = dt.date(year_of_month(3, 31, period), 3, 31)
    elif kind.lower().startswith("calendar"):
        last = dt.date(period.starts_on.year, 12, 31)
    else:
        last = last_day(academic_year(period.starts_on)) if kind else period.ends_on
    return last, last, False


def at_easter(match: re.Match[str], period: Period) -> Span | None:
    year = year_of(match.groupdict(), period)
    if year is None:
        years = range(period.starts_on.year, period.ends_on.year + 1)
        year = next((y for y in years if easter(y) >= period.starts_on), period.ends_on.year)
    return easter(year), easter(year), False


def at_christmas(match: re.Match[str], period: Period) -> Span | None:
    year = year_of(match.groupdict(), period)
    one = dt.date(year or period.starts_on.year, 12, 25)
    if year is None and one < period.starts_on:
        one = one.replace(year=one.year + 1)
    return one, one, False


def at_term(match: re.Match[str], period: Period) -> Span | None:
    """A term, or half of one, by the service's own dates; without a year, of the plan's."""
    name = Term(match["term"].lower())
    given = match.groupdict()
    academic = int(given["year"] or 0) if given.get("next") else None
    year = None if academic else year_of(given, period)
    if academic is None:
        if year is None:
            academic = academic_year(period.starts_on)
        else:
            academic = year if name == Term.AUTUMN else year - 1
    terms = [one for one in period.terms if (one.year, one.term) == (academic, name)]
    if not terms:
        return None
    [term] = terms
    half = given.get("half") or given.get("later_half") or ("1" if given.get("halfway") else "")
    part = (given.get("part") or "").lower()
    middle = term.half_starts_on or term.starts_on + (term.ends_on - term.starts_on) / 2
    if part.startswith(("start", "begin", "early")):
        return term.starts_on, term.starts_on, False
    first, last = term.starts_on, term.ends_on
    if half == "1" or part.startswith("mid"):
        last = middle
    elif half == "2":
        first = middle
    return (last, last, False) if part.startswith(("end", "late")) else (first, last, False)


def pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w£]){words}", re.IGNORECASE)


SEASON_YEAR = rf"(?:[\s,-]+(?:{YEAR}(?:\s*[/–-]\s*(?:20)?(?P<next>\d\d)\b)?|{SHORT}))?"
READERS: list[tuple[re.Pattern[str], Callable[[re.Match[str], Period], Span | None]]] = [
    (
        pattern(rf"{YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?\b"),
        at_day,
    ),
    (
        pattern(rf"(?P<day>\d{{1,2}})[./-](?P<month>\d{{1,2}})[./-](?:{YEAR}|(?P<short>\d\d))\b"),
        at_day,
    ),
    (pattern(rf"{DAY}(?:\s+of)?[\s-]*{MONTH}[\s,-]*(?:{YEAR}\b|[’']?(?P<short>[23]\d)\b)"), at_day),
    (pattern(rf"{MONTH}\s+{DAY},?\s+{YEAR}\b"), at_day),
    (pattern(rf"{DAY}(?:\s+of)?[\s-]*{MONTH}"), at_day),
    (pattern(rf"{EARLY}{MONTH}[\s/,-]*(?:{YEAR}\b|{SHORT})"), at_month),
    (pattern(rf"{EARLY}{MONTH}"), at_month),
    (pattern(rf"(?P<month>1[0-2]|0?[1-9])/{YEAR}\b"), at_month),
    (
        pattern(
            rf"{EARLY}(?P<term>autumn|spring|summer)(?:[\s-]*(?P<half>[12])(?!\d))?"
            rf"(?:\s+(?P<halfway>half[\s-]*)?terms?)?(?:\s+(?P<later_half>[12])(?!\d))?{SEASON_YEAR}"
        ),
        at_term,
    ),
    (pattern(rf"(?:easter)(?:[\s,]+(?:{YEAR}|{SHORT}))?"), at_easter),
    (pattern(rf"(?:christmas|xmas)(?:[\s,]+(?:{YEAR}|{SHORT}))?"), at_christmas),
    (pattern(rf"(?:AY\s*)?{YEAR}\s*[/–-]\s*(?:20)?(?P<next>\d\d)\b"), at_academic_year),
    (
        pattern(
            r"end of(?:\s+(?:the|this))?(?:\s+(?P<kind>academic|school|financial|calendar))?"
            r"\s+(?:year|plan)\b"
        ),
        at_end_of_year,
    ),
    (pattern(rf"(?<![/.]){YEAR}(?![\w/])"), at_year),
]
