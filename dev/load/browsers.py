"""Browsers, as far as the server can tell. Standard library only; a thread for each."""

import gzip
import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from dev.load.told import Save

LINKED = {"stylesheet", "preload", "icon"}
FORM = "application/x-www-form-urlencoded"
VERSION = re.compile(r'name="s\d+-version"[^>]* value="(\d+)"')
LONGEST = 60  # seconds for one answer, after which it counts as none


class OddError(Exception):
    """An answer that is not what the page's script, or the person, takes for success."""


@dataclass
class Answer:
    status: int
    location: str
    text: str
    seconds: float


class Browser:
    """One connection that is kept open, its cookies, and what it has fetched before."""

    def __init__(self, port: int, cookies: str = "") -> None:
        self.port = port
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        self.cookies = {name: one.value for name, one in SimpleCookie(cookies).items()}
        self.fetched: set[str] = set()

    def get(self, path: str) -> str:
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise OddError(f"{path} answered {answer.status}")
        return answer.text

    def post(self, path: str, fields: list[tuple[str, str]], **headers: str) -> Answer:
        home = f"http://127.0.0.1:{self.port}"
        kind = {"Content-Type": FORM, "Origin": home, "Referer": home + path}
        return self.ask("POST", path, urlencode(fields), {**kind, **headers})

    def ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Accept-Encoding": "gzip", "Cookie": cookies, **(headers or {})}
        begun = time.perf_counter()
        self.line.request(method, path, body.encode() if body else None, sent)
        received = self.line.getresponse()
        said = received.read()
        seconds = time.perf_counter() - begun
        for line in received.headers.get_all("Set-Cookie") or []:
            for name, one in SimpleCookie(line).items():
                self.cookies[name] = one.value
                if one["max-age"] == "0" or one["max-age"] == 0:
                    del self.cookies[name]
        if received.getheader("Content-Encoding") == "gzip":
            said = gzip.decompress(said)
        location = received.getheader("Location", "")
        text = said.decode() if "text/html" in received.getheader("Content-Type", "") else ""
        return Answer(received.status, location, text, seconds)

    def open(self, path: str) -> "Page":
        """A page, and what it links to that this browser has not got yet."""
        page = Page(self.get(path))
        for linked in sorted(page.linked - self.fetched):
            self.ask("GET", linked)
        self.fetched |= page.linked
        return page


class Page(HTMLParser):
    """The forms of a page: which statements it has, and what a browser would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.linked: set[str] = set()
        self.saves: dict[str, str] = {}  # where each statement posts itself, by its id
        self.choices: dict[str, list[str]] = {}
        self.fields: dict[str, str] = {}  # as it would be sent now
        self.writing = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        name = named.get("name", "")
        if tag == "link" and named.get("rel") in LINKED:
            self.linked.add(named["href"])
        elif tag == "script" and "src" in named:
            self.linked.add(named["src"])
        elif tag == "fieldset" and "hx-post" in named:
            self.saves[named["id"]] = named["hx-post"]
        elif tag == "textarea":
            self.fields[name] = ""
            self.writing = name
        elif tag == "input" and named.get("type") in {"radio", "checkbox"}:
            self.choices.setdefault(name, []).append(named.get("value", "on"))
            if "checked" in named:
                self.fields[name] = named.get("value", "on")
        elif tag == "input" and name:
            self.fields[name] = named.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.writing:
            self.fields[self.writing] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.writing = ""


@dataclass
class Pace:
    """How fast people are, which the conductor changes while they work."""

    pause: tuple[float, float]
    phase: str = "opening"
    over: bool = False

    def rest(self, chance: random.Random) -> None:
        time.sleep(chance.uniform(*self.pause))


@dataclass
class Noted:
    """What one browser saw."""

    told: list[Save] = field(default_factory=list)
    saves: list[tuple[str, float]] = field(default_factory=list)  # phase, seconds
    pages: list[tuple[str, float]] = field(default_factory=list)
    trouble: str = ""


class Somebody(threading.Thread):
    """A person at a browser. Whatever goes wrong is noted, and is their end."""

    def __init__(self, browser: Browser, pace: Pace, ready: threading.Barrier, number: int) -> None:
        super().__init__(daemon=True)
        self.browser, self.pace, self.ready = browser, pace, ready
        self.chance = random.Random(number)  # the same people in every run
        self.noted = Noted()

    def run(self) -> None:
        try:
            self.arrive()
            self.ready.wait(2 * LONGEST)
            while not self.pace.over:
                self.work()
        except threading.BrokenBarrierError:
            pass  # somebody else's trouble, before it began
        except Exception as what:  # noqa: BLE001 (whatever it is, it is told)
            self.noted.trouble = f"{type(what).__name__}: {what}"
            self.ready.abort()
        finally:
            self.browser.line.close()

    def arrive(self) -> None:
        """All that comes before the minute."""

    def work(self) -> None:
        """One page's worth."""


class Rater(Somebody):
    """Somebody with a personal link, who rates section after section, and begins again."""

    def __init__(self, pk: int, home: str, *rest: object) -> None:
        super().__init__(*rest)  # type: ignore[arg-type]
        self.pk, self.home = pk, home
        self.where = ""
        self.count = 0

    def arrive(self) -> None:
        time.sleep(self.chance.uniform(0, 8))
        page = self.browser.open(self.home)
        begun = self.browser.post(self.home, [self.token(page)])
        self.where = self.first = self.moved(begun)
        self.load()

    def moved(self, answer: Answer) -> str:
        if answer.status != 302:
            raise OddError(f"a form answered {answer.status}: {shortened(answer.text)}")
        return answer.location.partition("#")[0]

    def token(self, page: Page) -> tuple[str, str]:
        return "csrfmiddlewaretoken", page.fields["csrfmiddlewaretoken"]

    def load(self) -> None:
        phase, begun = self.pace.phase, time.perf_counter()
        self.page = self.browser.open(self.where)
        self.noted.pages.append((phase, time.perf_counter() - begun))
        self.name, self.turns = f"{self.chance.getrandbits(64):016x}", 0

    def work(self) -> None:
        """A section: each statement is chosen, commented on, thought over, by some more often."""
        for statement in self.page.saves:
            for _ in range(self.chance.randint(1, 5)):
                self.say(statement)
                if self.pace.over:
                    return
                self.pace.rest(self.chance)
        self.go_on()

    def say(self, statement: str) -> None:
        self.count += 1
        fields, levels = self.page.fields, self.page.choices[f"{statement}-rating"]
        fields[f"{statement}-rating"] = choice = levels[self.count % len(levels)]
        fields[f"{statement}-reason"] = "A partner does this for us." if choice == "na" else ""
        fields[f"{statement}-comment"] = comment = f"Number {self.count} of {self.pk}."
        own = [(n, v) for n, v in fields.items() if n.startswith(f"{statement}-")]
        phase = self.pace.phase
        answer = self.browser.post(
            self.page.saves[statement],
            [*own, self.token(self.page), ("page", self.turn())],
            **{"HX-Request": "true", "HX-Target": f"{statement}-state"},
        )
        version = VERSION.search(answer.text)
        if answer.status != 200 or version is None or "Saved at" not in answer.text:
            raise OddError(f"a save answered {answer.status}: {shortened(answer.text)}")
        fields[f"{statement}-version"] = version[1]
        save = Save(self.pk, int(statement[1:]), int(version[1]), choice, comment)
        self.noted.told.append(save)
        self.noted.saves.append((phase, answer.seconds))

    def turn(self) -> str:
        """As `rate.js` names a load of the page, and counts its saves."""
        self.turns += 1
        return f"{self.name}.{self.turns:06d}"

    def go_on(self) -> None:
        """The button under the section: it sends all of it once more, and leads on."""
        fields = [*self.page.fields.items(), ("go", "after")]
        sent = [(name, self.turn() if name == "page" else value) for name, value in fields]
        self.where = self.moved(self.browser.post(self.where, sent))
        if self.where.endswith("/check/"):
            self.browser.open(self.where)
            self.where = self.first
        self.load()


class Reader(Somebody):
    """A member of the ED&I group, who looks through the talk."""

    def __init__(self, talk: str, *rest: object) -> None:
        super().__init__(*rest)  # type: ignore[arg-type]
        self.talk = talk

    def arrive(self) -> None:
        self.browser.open(self.talk)

    def work(self) -> None:
        phase, begun = self.pace.phase, time.perf_counter()
        self.browser.open(f"{self.talk}?page={self.chance.randint(1, 6)}")
        self.noted.pages.append((phase, time.perf_counter() - begun))
        for _ in range(20):
            if not self.pace.over:
                time.sleep(0.25)


def shortened(text: str) -> str:
    return " ".join(text.split())[:200]
