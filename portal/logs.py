"""What the log says, without what would let its reader in."""

from __future__ import annotations

import logging
import re

# A personal link, that of a role group, an invitation; what is mailed to prove an address, or to
# stop reminders; and somebody's calendar
LINKS = re.compile(r"(/(?:r|j|join|confirm-email|reset/key|reminders/stop|calendar)/)[^/\s'\"]+")


class LineFormatter(logging.Formatter):
    """A line, and what broke where, with every link in it made useless."""

    def format(self, record: logging.LogRecord) -> str:
        return LINKS.sub(r"\1…", super().format(record))
