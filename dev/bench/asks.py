"""A request of somebody's browser, ready to be sent again and again. Standard library only."""

from dataclasses import dataclass

HOST = "portal.example.org"
COUNTER = "00000000"  # stands where each sending says something new


@dataclass(frozen=True)
class Ask:
    path: str
    cookies: str
    form: str = ""

    def body(self, number: int) -> bytes:
        return self.form.replace(COUNTER, f"{number:08d}").encode()
