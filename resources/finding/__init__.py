"""Finding something in the library: what is asked, what answers, and what may be narrowed."""

from .lines import Line
from .lines import of as plain_lines
from .shelf import A_PAGE, CAP, Found, find, with_words
from .wanted import Sort, Wanted

__all__ = ["A_PAGE", "CAP", "Found", "Line", "Sort", "Wanted", "find", "plain_lines", "with_words"]
