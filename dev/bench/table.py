"""The figures beside their limits (issue 2, “What must hold”)."""

from dataclasses import dataclass

from dev.bench.serve import IDLE

COLUMNS = ("demo", "10,000 services")
WIDTHS = (32, 11, 38, 38)


@dataclass(frozen=True)
class Limit:
    """`most` is the highest figure that will do, or the lowest where `least` is set."""

    figure: float
    unit: str = ""
    least: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.figure:g} {self.unit}".rstrip()

    def holds(self, measured: float) -> bool:
        return measured >= self.figure if self.least else measured <= self.figure


@dataclass(frozen=True)
class Line:
    """A figure on each portal, and what to say beside it."""

    name: str
    limit: Limit | None
    measured: list[tuple[float, str]]

    @property
    def over(self) -> bool:
        return bool(self.limit) and not all(self.limit.holds(figure) for figure, _ in self.measured)

    def __str__(self) -> str:
        cells = [self.name, str(self.limit or ""), *map(self.cell, self.measured)]
        return "".join(f"{text:<{width}}" for text, width in zip(cells, WIDTHS, strict=False))

    def cell(self, measured: tuple[float, str]) -> str:
        figure, beside = measured
        mark = "" if self.limit is None else "PASS " if self.limit.holds(figure) else "OVER "
        shown = f"{figure:,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:.1f}"
        return f"{mark}{shown}{beside}"


def head() -> str:
    cells = ["", "limit", *COLUMNS]
    return "".join(f"{text:<{width}}" for text, width in zip(cells, WIDTHS, strict=True))


# name, milliseconds, queries
PAGES: dict[str, tuple[str, int | None, int | None]] = {
    "section": ("Section page", 15, 9),
    "save": ("Saving one rating", 7, 8),
    "list": ("Task list", None, None),
    "results": ("Results page", 25, 10),
    "report": ("Report PDF, 60 statements", 3000, None),
}


def page_lines(kind: str, portals: list[dict[str, dict[str, float]]]) -> list[Line]:
    """Time, queries and bytes of one kind of page."""
    name, milliseconds, queries = PAGES[kind]
    found = [portal[kind] for portal in portals]
    return [
        Line(
            name,
            Limit(milliseconds, "ms") if milliseconds else None,
            [(one["median"], f" ms, p95 {one['p95']:,.1f}") for one in found],
        ),
        Line(
            "  queries",
            Limit(queries) if queries else None,
            [(one["queries"], "") for one in found],
        ),
        Line("  bytes", None, [(one["bytes"], packed(one)) for one in found]),
    ]


def packed(one: dict[str, float]) -> str:
    return f", gzip {one['gzip']:,}" if "gzip" in one else ""


def traffic_lines(portals: list[dict[str, dict[str, float]]]) -> list[Line]:
    """What two workers get through, and what one of them weighs."""
    lines = []
    for kind, name, least in (
        ("pages", "Section pages a second", 150),
        ("saves", "Saves a second", 200),
    ):
        found = [portal[kind] for portal in portals]
        beside = [(one["per_second"], f"/s, p95 {one['p95']:,.0f} ms") for one in found]
        lines.append(Line(name, Limit(least, least=True), beside))
    heaviest = [max(portal["workers"], key=lambda one: one["Rss"]) for portal in portals]
    lines.append(
        Line(
            "Memory of a worker, resident",
            Limit(120, "MB"),
            [(one["Rss"], f" MB, own share {one['Pss']:.0f}") for one in heaviest],
        )
    )
    lines.append(
        Line(
            f"A visitor beside {IDLE} idle browsers",
            None,
            [(1000 * portal["beside idle"], " ms") for portal in portals],
        )
    )
    for page in ("section", "sign-in"):
        found = [portal[f"{page} weight"] for portal in portals]
        lines.append(
            Line(
                f"First load, {page} page",
                Limit(150, "kB"),
                [(sum(one.values()) / 1000, f" kB: {kinds(one)}") for one in found],
            )
        )
    return lines


def kinds(weight: dict[str, int]) -> str:
    return " ".join(f"{kind} {size / 1000:.0f}" for kind, size in weight.items())
