"""Two ways a target says nothing will change: a verb that only looks, a word that never ends.

Pure text, no query.
"""

from __future__ import annotations

import re

ONGOING = re.compile(
    r"\b(?:on[\s-]?going|continuous(?:ly)?|continual(?:ly)?|continu(?:e|es|ing)\s+to|"
    r"(?:as|when)\s+and\s+when|as\s+and\s+where|(?:where|when|wherever|whenever)\s+possible|"
    r"(?:as|where|when)\s+(?:appropriate|needed|necessary|required|resources\s+allow)|"
    r"in\s+due\s+course|rolling\s+basis|(?:all|throughout)\s+(?:the\s+)?year|"
    r"tbc|tba|to\s+be\s+(?:confirmed|agreed|decided))\b",
    re.IGNORECASE,
)
LOOKING = (
    r"(?:review(?:s|ing)?|explor(?:e|es|ing)|consider(?:s|ing)?|investigat(?:e|es|ing)|"
    r"discuss(?:es|ing)?|examin(?:e|es|ing)|assess(?:es|ing)?|evaluat(?:e|es|ing)|"
    r"analys(?:e|es|ing)|scop(?:e|ing)|research(?:es|ing)?|monitor(?:s|ing)?|audit(?:s|ing)?|"
    r"reflect(?:s|ing)?\s+on|look(?:s|ing)?\s+(?:into|at|again)|think(?:ing)?\s+(?:about|through)|"
    r"talk(?:s|ing)?\s+about|stud(?:y|ies|ying))"
)
A_LOOK = (
    r"(?:reviews?|assessments?|evaluations?|analys[ie]s|examinations?|explorations?|"
    r"investigations?|consideration|discussions?|audits?|stud(?:y|ies)|scoping(?:\s+exercise)?)"
)
LEAD_IN = re.compile(
    r"^\W*(?:(?:[a-z]{1,3}-?\d[\d.]*|\d+)\W+)?"
    r"(?:(?:to|we|our\s+\w+|the\s+(?:service|team)|will|shall|should|plan|aim|want|intend|begin|"
    r"start|continue|further|regularly|annually|jointly)\s+)*",
    re.IGNORECASE,
)
LOOK = re.compile(
    rf"(?:(?P<verb>{LOOKING})|(?P<noun>{A_LOOK})\s+of|"
    rf"(?:carry\s+out|conduct|undertake|commission|complete|do|hold)\s+(?:[a-z]+\s+){{0,5}}?"
    rf"(?P<held>{A_LOOK}))\b",
    re.IGNORECASE,
)
# A verb that does something makes up for the look before it: “review and rewrite”.
THEN = re.compile(rf"\b(?:and|then|&)\s+(?:then\s+)?(?!{LOOKING}\b)(?P<next>[a-z]+)", re.IGNORECASE)
DOING = frozenset(
    [
        *("act", "adapt", "add", "adopt", "agree", "appoint", "ask", "begin", "bring", "build"),
        *("change", "choose", "close", "create", "cut", "decide", "double", "draw", "drop", "end"),
        *("fix", "fund", "give", "hire", "implement", "improve", "increase", "introduce", "launch"),
        *("make", "mend", "move", "name", "offer", "open", "pay", "pilot", "publish", "put"),
        *("raise", "recruit", "redesign", "reduce", "remove", "replace", "report", "revise"),
        *("rewrite", "run", "set", "share", "simplify", "start", "stop", "teach", "train"),
        *("update", "use", "widen", "write"),
    ]
)


def never_ends(text: str) -> str:
    """The words by which a text has no end: “ongoing”, “as appropriate”; blank where it has one."""
    found = ONGOING.search(text)
    return " ".join(found[0].lower().split()) if found else ""


def looking_verb(title: str) -> str:
    """The word by which a title only looks: “review”; blank where it does more than that."""
    rest = title[LEAD_IN.match(title).end() :]  # type: ignore[union-attr]  # it matches nothing too
    found = LOOK.match(rest)
    if found is None:
        return ""
    after = rest[found.end() :]
    if any(then["next"].lower() in DOING for then in THEN.finditer(after)):
        return ""
    return " ".join((found["verb"] or found["noun"] or found["held"]).lower().split())
