"""Speaking to the person at the keyboard."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn


class RefusalError(Exception):
    """Why we do not go on, as a sentence fit to show."""


def say(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError:
        # The terminal or the pipe has gone. There is still work to put away in order,
        # and Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(main: Callable[[], int]) -> NoReturn:
    """Run a command-line program: refusals and foreseeable failures become one sentence."""
    try:
        status = main()
    except RefusalError as refusal:
        status = refuse(str(refusal))
    except PermissionError as error:
        status = refuse(
            f"{error.filename} is not open to you, "
            "perhaps because an earlier command was run as another user."
        )
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        status = refuse(f"The system said no: {error.strerror}{where}.")
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1
