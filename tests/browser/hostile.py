"""Words that try a page: markup, long words, other scripts, and every mark of Markdown."""

from __future__ import annotations

from tests import factories

TEXT = " ".join(factories.HOSTILE)
LONG, SHORT, WORD = TEXT[:300], TEXT[:160], TEXT[:60]
ADDRESS = "https://example.org/" + "w" * 200
MARKED = f"""{TEXT}

# A heading of the text

- One
- Two, with **strong** and *soft* words and [a link]({ADDRESS})

## A heading below it

> {TEXT}

1. First
2. Second

| What | {WORD} | When | Who | How much |
|---|---|---|---|---|
| {WORD} | {"w" * 40} | {"w" * 40} | {"w" * 40} | 1 |

```
{"code " * 60}
```
"""
