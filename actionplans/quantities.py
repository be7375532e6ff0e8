"""Whether a text holds a quantity: something anybody could count. Pure text, no query.

Not every digit is one. Days, years, times, codes (A6.1, WD-3), numbered names (Year 6, page 4),
ages and list numbers say when, where or who, never how much: they are taken out first. Number
words count like digits: “eight members”, “half of them”, “twice a term”, “all tutors”.
"""

from __future__ import annotations

import re

# May with its capital: “we may”.
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May)|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WHEN = (
    r"(?:in|by|since|until|till|before|after|during|from|spring|summer|autumn|winter|"
    r"easter|christmas)"
)
RANGE = r"(?:\s*(?:-|–|/|,|to|and|&)\s*\d+)*"
NAMED = (
    r"(?:years?|key\s+stages?|ks|grades?|sections?|statements?|questions?|pages?|phases?|tiers?|"
    r"parts?|priority|priorities|steps?|items?|chapters?|appendix|quarter|term|week)"
)
NO_QUANTITY = re.compile(
    "|".join(
        [
            r"https?://\S+",
            r"^\s*\(?\d{1,2}[.)]\s",  # of a numbered list
            r"\b\d{4}-\d{1,2}-\d{1,2}\b",
            r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b",
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}(?:\s+\d{{4}}\b)?",
            rf"\b{MONTH}\s+\d{{1,4}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?",
            r"\b(?:19|20)\d\d\s*[/–-]\s*\d{2,4}\b",  # academic years
            rf"\b{WHEN}\s+(?:19|20)\d\d\b(?!-\d{{1,2}}-)(?:\s*[/–-]\s*\d{{2,4}}\b)?",
            r"^\s*(?:19|20)\d\d\s*$",
            r"\b\d{1,2}(?::\d\d)(?:\s*[ap]m\b)?",
            r"\b\d{1,2}(?:\.\d\d)?\s*[ap]m\b",
            r"\b\d+(?:st|nd|rd|th)\b",
            rf"\b{NAMED}\s+\d+(?:\.\d+)*{RANGE}",
            rf"\bage[sd]?\s+\d+{RANGE}",
            rf"\b\d+{RANGE}[\s-]years?[\s-]olds?\b",
            r"\b[a-z]+-?\d+(?:\.\d+)*\b",  # A6.1, WD-3, KS2, under-18
            # Words that only look like quantities
            r"\bno[\s-]one\b",
            r"\bone\s+(?:another|day|by\s+one)\b",
            r"\bone-(?:off|to-one)\b",
            r"\b(?:this|that|another|which|any)\s+one\b",
            r"\b(?:at|above|after|of)\s+all\b",
            r"\ball\s+(?:the\s+time|year|along|kinds|sorts|round|day)\b",
            r"\bevery\s+(?:effort|opportunity)\b",
            r"\beach\s+other\b",
            r"\bhalf[\s-]terms?\b",
        ]
    ),
    re.IGNORECASE | re.MULTILINE,
)
WORDS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundreds?|thousands?|dozens?|zero|none|nobody|both|half|(?:a|one|two)\s+thirds?|"
    r"(?:a|three)\s+quarters?|double|triple|twice|once\s+(?:a|an|per|each|every|in)|"
    r"all|every|each|(?:half-)?termly|weekly|fortnightly|monthly|quarterly|yearly|annually|daily)\b",
    re.IGNORECASE,
)


def has_quantity(text: str) -> bool:
    """Whether anything in the text can be counted: a figure, or a number in words."""
    rest = NO_QUANTITY.sub(" ", text)
    return any(sign.isnumeric() for sign in rest) or WORDS.search(rest) is not None
