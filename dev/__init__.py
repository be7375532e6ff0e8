"""What the Makefile calls. Standard library only: it has to run before anything is installed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - any python3 may be the one that runs this
    found = ".".join(str(number) for number in sys.version_info[:2])
    sys.exit(
        "Python 3.11 or later is needed and this is " + found + "; "
        "name a newer one with PYTHON, for example: make run PYTHON=python3.12"
    )
