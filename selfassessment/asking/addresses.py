"""Reading a list of people that somebody typed or pasted: from a mail program, a table, anywhere.

Pure functions. Nothing is dropped in silence: every line gives addresses, or a fault that says why
not, and `left` hands the lines with faults back as they were typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

NAME_MOST = 120  # characters
ADDRESS_MOST = 254
QUOTES = "\"'“”‘’«»"
# What pasting brings along unseen: zero-width marks, direction marks, the byte-order mark
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
BETWEEN = re.compile(r"[,;\t](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")  # not within double quotes
IN_BRACKETS = re.compile(r"^(?P<name>[^<>]*)<(?P<address>[^<>]*)>?\s*$")


@dataclass(frozen=True)
class Person:
    """An address, and the name that stood beside it."""

    email: str
    name: str
    line: int


@dataclass(frozen=True)
class Fault:
    """A line that gives nobody to ask, and why, in words fit to show."""

    line: int
    text: str
    why: str
    to_mend: bool = True  # False: there is nothing to type anew, the person is asked already


@dataclass(frozen=True)
class Pasted:
    people: tuple[Person, ...]
    faults: tuple[Fault, ...]
    lines: tuple[str, ...]

    def without(self, taken: Mapping[str, str]) -> Pasted:
        """Leave out those who are in already; `taken` says why, by address."""
        faults = [
            Fault(person.line, person.email, taken[person.email], to_mend=False)
            for person in self.people
            if person.email in taken
        ]
        return Pasted(
            tuple(person for person in self.people if person.email not in taken),
            tuple(sorted((*self.faults, *faults), key=lambda fault: fault.line)),
            self.lines,
        )

    @property
    def left(self) -> str:
        """What is still to mend once the good ones are asked, as it was typed."""
        spoken_for = {person.line for person in self.people}
        kept = []
        for fault in self.faults:
            whole = self.lines[fault.line - 1].strip()
            # Of a line that also held good addresses only the rest comes back.
            text = fault.text if fault.line in spoken_for else whole
            if fault.to_mend and text not in kept:
                kept.append(text)
        return "\n".join(kept)


def read(text: str) -> Pasted:
    """Everybody in a text of one or more people a line, each address once."""
    lines = tuple(BREAKS.split(text))
    people: dict[str, Person] = {}
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        for name, typed in entries(UNSEEN.sub("", line).replace("\xa0", " ")):
            found = checked(name, typed, number)
            if isinstance(found, Fault):
                faults.append(found)
            elif found.email in people:
                first = people[found.email].line
                where = "in this line already" if first == number else f"in line {first} already"
                faults.append(Fault(number, found.email, f"It is {where}.", to_mend=False))
            else:
                people[found.email] = found
    return Pasted(tuple(people.values()), tuple(faults), lines)


def entries(line: str) -> Iterable[tuple[str, str]]:
    """The names and addresses in a line, before anything is checked.

    With one address the rest of the line is that person's name: “Smith, Jane <jane@…>” of a mail
    program, or the cells of a row. With several, what has no address stands for itself.
    """
    parts = [part.strip() for part in BETWEEN.split(line)]
    parts = [part for part in parts if part]
    addressed = [part for part in parts if "@" in part]
    if len(addressed) == 1 and len(parts) > 1:
        at = parts.index(addressed[0])
        name, address = apart(addressed[0])
        comma = ", " if name and "<" in addressed[0] else " "
        before = comma.join([*parts[:at], *([name] if name else [])])
        yield before or next(iter(parts[at + 1 :]), ""), address
        return
    waiting = ""
    for part in parts:
        name, address = apart(part)
        if "@" not in part:
            if waiting:
                yield "", waiting
            waiting = part
        elif waiting and "<" in part:
            yield f"{waiting}, {name}".strip(", "), address
            waiting = ""
        else:
            if waiting:
                yield "", waiting
            waiting = ""
            yield name, address
    if waiting:
        yield "", waiting


def apart(part: str) -> tuple[str, str]:
    """Name and address of “Jane Smith <jane@example.org>” or “jane@example.org (Jane Smith)”."""
    if bracketed := IN_BRACKETS.match(part):
        return bracketed["name"].strip(), bracketed["address"].strip()
    words = part.split()
    addressed = [word for word in words if "@" in word]
    if len(addressed) != 1:
        return "", part
    return " ".join(word for word in words if word != addressed[0]), addressed[0]


def checked(name: str, typed: str, line: int) -> Person | Fault:
    email = typed.strip(f"{QUOTES}()[] .").removeprefix("mailto:").lower()
    name = " ".join(name.strip(f"{QUOTES}() ").split()).strip(QUOTES)
    if "@" not in email:
        return Fault(line, typed, "There is no e-mail address here.")
    try:
        validate_email(email)
    except ValidationError:
        return Fault(line, typed, "This is not a whole e-mail address.")
    if len(email) > ADDRESS_MOST:
        return Fault(line, typed, "This address is too long to be one.")
    if len(name) > NAME_MOST:
        return Fault(line, typed, f"Use at most {NAME_MOST} characters for the name.")
    return Person(email, name, line)
