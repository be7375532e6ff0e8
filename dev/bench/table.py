"""The figures beside their limits (issue 2, “What must hold”)."""

from dataclasses import dataclass
from typing import Any

from dev.bench.serve import IDLE

COLUMNS = ("demo", "10,000 services")
WIDTHS = (36, 11, 38, 38)
NOTHING: tuple[float | None, str] = (None, "–")
PASS, OVER = "PASS ", "OVER "


@dataclass(frozen=True)
class Limit:
    """The highest figure that will do, or with `least` the lowest."""

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
    measured: list[tuple[float | None, str]]

    @property
    def over(self) -> bool:
        return any(self.mark(figure) == OVER for figure, _ in self.measured)

    def mark(self, figure: float | None) -> str:
        if self.limit is None or figure is None:
            return ""
        return PASS if self.limit.holds(figure) else OVER

    def __str__(self) -> str:
        cells = [self.name, str(self.limit or ""), *map(self.cell, self.measured)]
        return "".join(f"{text:<{width}}" for text, width in zip(cells, WIDTHS, strict=False))

    def cell(self, measured: tuple[float | None, str]) -> str:
        figure, beside = measured
        if figure is None:
            return beside
        shown = f"{figure:,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:.1f}"
        return f"{self.mark(figure)}{shown}{beside}"


def head() -> str:
    cells = ["", "limit", *COLUMNS]
    return "".join(f"{text:<{width}}" for text, width in zip(cells, WIDTHS, strict=True))


# name, milliseconds, queries
PAGES: dict[str, tuple[str, int | None, int | None]] = {
    "section": ("Section page", 15, 9),
    "save": ("Saving one rating", 7, 8),
    "list": ("Task list", None, None),
    "results": ("Results page", 25, 10),
    "talk": ("Talk, 60 statements × 100 people", 80, 12),
    "plan": ("Action plan, 60 targets", 40, 10),
    "home": ("Today, with 60 targets", 40, 12),
    "front": ("Front page", 20, 3),
    "directory": ("Directory", 50, None),
    "looking": ("Directory, looking for a service", 50, None),
    "service": ("Page of a service", 20, None),
    "report": ("Report PDF, 60 statements", 3000, None),
}


def page_lines(kind: str, portals: list[dict[str, dict[str, float]]]) -> list[Line]:
    """Time, queries and bytes of one kind of page."""
    name, milliseconds, queries = PAGES[kind]
    found = [portal[kind] for portal in portals]
    return [
        Line(
            f"{name}, median",
            Limit(milliseconds, "ms") if milliseconds else None,
            [(one["median"], f" ms{beside(one)}") for one in found],
        ),
        Line(
            "  queries",
            Limit(queries) if queries else None,
            [(one["queries"], "") for one in found],
        ),
        Line("  bytes", None, [(one["bytes"], packed(one)) for one in found]),
    ]


def beside(one: dict[str, float]) -> str:
    python = f", Python {one['python']:.1f}" if "python" in one else ""
    return f", p95 {one['p95']:,.1f}{python}"


def packed(one: dict[str, float]) -> str:
    return f", gzip {one['gzip']:,}" if "gzip" in one else ""


def traffic_lines(portals: list[dict[str, dict[str, float]]]) -> list[Line]:
    """What two workers get through, and what one of them weighs."""
    lines = []
    for kind, name, least in (
        ("pages", "Section pages, two workers", 150),
        ("saves", "Saves, two workers", 200),
    ):
        found = [portal[kind] for portal in portals]
        rates = [(one["per_second"], f"/s, p95 {one['p95']:,.0f} ms") for one in found]
        lines.append(Line(name, Limit(least, "/s", least=True), rates))
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
            Limit(1000, "ms"),
            [(1000 * portal["beside idle"], " ms") for portal in portals],
        )
    )
    for page in ("section", "sign-in"):
        found = [portal[f"{page} weight"] for portal in portals]
        totals = [(sum(one.values()) / 1000, " kB") for one in found]
        lines.append(Line(f"First load, {page} page", Limit(150, "kB"), totals))
        lines.append(Line("  of it", None, [(None, kinds(one)) for one in found]))
    return lines


def sharing_lines(found: dict[str, Any]) -> list[Line]:
    """The benchmark's pages, and the worker's part of them; the demo has too few who share."""
    nothing: tuple[float | None, str] = (None, "–")
    lines = []
    for kind, name in (("benchmark", "Benchmark page"), ("programme", "The programme’s benchmark")):
        page = found[kind]
        lines += [
            Line(
                f"{name}, median",
                Limit(50, "ms"),
                [nothing, (page["median"], f" ms{beside(page)}")],
            ),
            Line("  queries", None, [nothing, (page["queries"], "")]),
            Line("  bytes", None, [nothing, (page["bytes"], packed(page))]),
        ]
    for kind, name in (
        ("first", "Making ten years of figures"),
        ("again", "A night when nothing changed"),
        ("alone", "One year, when somebody shares"),
    ):
        lines.append(Line(name, None, [nothing, (found[kind], " s")]))
    return lines


def sheet_lines(found: dict[str, float]) -> list[Line]:
    """Fifty filled-in workbooks, of sixty statements each: into the portal, read, taken in."""
    nothing: tuple[float | None, str] = (None, "–")
    return [
        Line("A workbook to fill in", None, [(found["out"], " ms"), nothing]),
        Line("50 workbooks: brought in", None, [(found["add"], " s"), nothing]),
        Line("  read by the worker, each", None, [(found["median"], " ms, median"), nothing]),
        Line("  read by the worker, all", None, [(found["read"], " s"), nothing]),
        Line("  taken in, named", None, [(found["take in, named"], " s"), nothing]),
        Line("  taken in, anonymous", None, [(found["take in, anonymous"], " s"), nothing]),
    ]


def plan_lines(found: dict[str, dict[str, float]]) -> list[Line]:
    """Papers of a plan of sixty targets, and everything of a service after ten years."""
    lines = []
    for kind, name, limit in (
        ("year_report", "Year report PDF, 60 targets", Limit(5, "s")),
        ("board_paper", "Board paper PDF, 60 targets", None),
        ("plan", "Action plan PDF, 60 targets", None),
        ("everything", "Everything of ten years, a zip", None),
    ):
        one = found[kind]
        size = f" s, {one['bytes'] / 1000:,.0f} kB"
        lines.append(Line(name, limit, [(one["median"], size), (None, "–")]))
    return lines


def review_lines(found: list[dict[str, float]]) -> list[Line]:
    """Annual reviews as PDF, with the most memory that their worker took, and as Word."""
    lines = []
    for one, time, memory in zip(found, (None, 10), (None, 300), strict=True):
        name = f"Annual review, {one['pages']:.0f} pages"
        size = f" s, {one['bytes'] / 1000:,.0f} kB; first {one['first']:.1f} s"
        lines += [
            Line(f"{name}, PDF", time and Limit(time, "s"), [(one["median"], size), NOTHING]),
            Line(
                f"{name}, memory", memory and Limit(memory, "MB"), [(one["peak"], " MB"), NOTHING]
            ),
            Line(f"{name}, Word", None, [(one["word"], " s"), NOTHING]),
        ]
    return lines


def library_lines(found: dict[str, dict[str, float]]) -> list[Line]:
    """The library at 100,000 resources; the demo’s has too few to be worth a figure."""
    nothing: tuple[float | None, str] = (None, "–")
    return [
        Line(
            f"Library, {kind}" if kind not in {"resource", "topic"} else f"Page of a {kind}",
            Limit(50, "ms"),
            [nothing, (one["median"], f" ms{beside(one)}, {one['queries']} queries")],
        )
        for kind, one in found.items()
    ]


def download_lines(found: dict[str, float]) -> list[Line]:
    """The file of an annual review, with what a static file of the same size takes beside it."""
    ways = {"whole": "whole", "part": "64 kB of it", "known": "known already"}
    sizes = dict.fromkeys(name.split(",")[0] for name in found)
    return [
        Line(
            f"PDF of a review, {size}, {said}",
            None,
            [
                (
                    found[f"{size}, review, {way}"],
                    f" ms; static {found[f'{size}, static, {way}']:.1f}",
                ),
                (None, "–"),
            ],
        )
        for size in sizes
        for way, said in ways.items()
    ]


def kinds(weight: dict[str, int]) -> str:
    heaviest = sorted(weight.items(), key=lambda one: -one[1])
    return ", ".join(f"{kind} {size / 1000:.0f}" for kind, size in heaviest if size >= 1000)
