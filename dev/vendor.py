"""Fetch the files under static/ that are not ours, and write down what they are.

Run by hand, never by `make run`: `python -m dev.vendor`. Needs npm. The files are committed, so
that neither node nor a network is needed to run the portal.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"

# Fixed on purpose: npm's "latest" htmx is 4.x, which is another library.
FACES = "fonts"
PRINT = "pdf/fonts"  # WeasyPrint needs static cuts
SCRIPTS = "js/vendor"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    folder: str  # under static/
    files: tuple[str, ...]  # inside the package
    licence: str  # the name its licence text is kept under


PACKAGES = [
    Package("htmx.org", "2.0.11", SCRIPTS, ("dist/htmx.min.js",), "LICENSE-htmx.txt"),
    Package(
        "@fontsource-variable/bricolage-grotesque",
        "5.3.0",
        FACES,
        tuple(
            f"files/bricolage-grotesque-{part}-opsz-normal.woff2" for part in ("latin", "latin-ext")
        ),
        "LICENSE-bricolage-grotesque.txt",
    ),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        FACES,
        tuple(
            f"files/atkinson-hyperlegible-next-{part}.woff2"
            for part in ("latin-wght-normal", "latin-ext-wght-normal", "latin-wght-italic")
        ),
        "LICENSE-atkinson-hyperlegible-next.txt",
    ),
    Package(
        "@fontsource/bricolage-grotesque",
        "5.3.0",
        PRINT,
        tuple(
            f"files/bricolage-grotesque-{part}-{weight}-normal.woff2"
            for part in ("latin", "latin-ext")
            for weight in (600, 800)
        ),
        "LICENSE-bricolage-grotesque",
    ),
    Package(
        "@fontsource/atkinson-hyperlegible-next",
        "5.3.0",
        PRINT,
        tuple(
            f"files/atkinson-hyperlegible-next-{part}-{cut}.woff2"
            for part in ("latin", "latin-ext")
            for cut in ("400-normal", "600-normal", "700-normal", "400-italic")
        ),
        "LICENSE-atkinson-hyperlegible-next",
    ),
]

HEADER = """# What is not ours under static/

Written by `python -m dev.vendor`. The licences lie beside the files.

| file | from | version | licence | SHA-256 |
|---|---|---|---|---|
"""


def unpacked(package: Package, folder: Path) -> Path:
    """Download one package into a folder and unpack it."""
    archive = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with tarfile.open(folder / archive) as tar:
        tar.extractall(folder / package.version, filter="data")
    return folder / package.version / "package"


def vendor(package: Package) -> list[str]:
    """Copy the files of one package; the lines about them for VENDORED.md."""
    with tempfile.TemporaryDirectory() as folder:
        source = unpacked(package, Path(folder))
        licence = json.loads((source / "package.json").read_text())["license"]
        target = STATIC / package.folder
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "LICENSE", target / package.licence)
        lines = []
        for file in package.files:
            copy = target / Path(file).name
            shutil.copyfile(source / file, copy)
            digest = hashlib.sha256(copy.read_bytes()).hexdigest()
            place = copy.relative_to(STATIC)
            lines.append(
                f"| `{place}` | {package.name} | {package.version} | {licence} | `{digest}` |\n"
            )
    return lines


def main() -> None:
    lines = [line for package in PACKAGES for line in vendor(package)]
    (STATIC / "VENDORED.md").write_text(HEADER + "".join(lines))


if __name__ == "__main__":
    main()
