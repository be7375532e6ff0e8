"""Annual reviews of twenty and sixty pages, all of it made up: their PDF, as a worker makes it.

Run with how many pages, in a process of its own for its memory. What is added is taken back.
"""

import hashlib
import json
import random
import resource
import statistics
import sys
import time
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter

from portal.models import User
from resources.models import AnnualReview, Chapter, ChapterKind, Printing
from resources.reviews import paper, tasks, word
from resources.reviews.manuscript import picture_data

THEMES = {"20": 2, "60": 11}  # that it takes, by pages
TIMES = 3
SENTENCES = (
    "In Northvale the first year went into listening, and the second into what had been heard.",
    "Eastmere asked its tutors what they would need to stay, and wrote the answers down.",
    "A choir that nobody had counted turned out to be the largest group of the county.",
    "The service stopped asking for grades and began to ask what somebody would like to play.",
    "Nobody had a plan for the bus, so the bus became the plan.",
    "Hours for talking were paid from the first week, which changed who came.",
    "Two of the schools said no, and later explained why better than anyone had.",
    "It took until March before the form fitted on one page.",
    "Young people chose the hall, the time and, in the end, the music.",
    "What worked in one place was tried in three others and worked in two.",
    "The board read the figures first, and asked for the stories afterwards.",
    "Instruments were adapted by a technician who plays in a brass band herself.",
    "A tutor who had doubts leads the group now.",
    "Parents were rung instead of written to, in the language they speak at home.",
    "None of this was expensive, and all of it took time.",
    "The next step is smaller than the last one, on purpose.",
)
POINTS = (
    "**It comes to light.** What one team does well is known to the next.",
    "**People stay.** Those who were asked came back, with somebody else.",
    "**Time.** Hours for this are the first that are cut.",
    "**Words.** The same word means different things in a school and in a hub.",
    "Ask people alone before you ask them together.",
    "Write down why, in one sentence, for whoever comes after you.",
    "Put next year’s day in the diary before you leave the room.",
    "Pay for the hour, or do not ask for it.",
)
TITLES = (
    *("Beginning with who is missing", "Paying for time to think", "Music that was chosen"),
    *("A door without a test", "Talking before counting", "Instruments that fit the player"),
    *("Small groups, short sessions", "The journey there and back", "Leading out loud"),
    *("What tutors need", "Asking families", "Making the case to a council"),
    *("Singing, and writing songs", "When a grant ends", "What we stopped doing"),
)
PLACES = (
    *("Northvale", "Eastmere", "Westbrook", "Southwold Hills", "Avonlea", "Butterdale"),
    *("Carrow", "Dunmere", "Elderby", "Farrow Vale", "Greycliffe", "Hallowfield"),
    *("Inglemoor", "Junction Park", "Kestrel Bay", "Larkham", "Meresby", "Nettlecombe"),
    *("Orchardside", "Penhallow", "Quarry Bank", "Ridgeway", "Saltmarsh", "Thornby"),
    *("Ullersby", "Velverton", "Wexmoor", "Yarrowdale", "Zennor Cross", "Amblegate"),
)
REGIONS = ("East of England", "London", "North West", "South West", "Yorkshire and the Humber")


def picture(number: int) -> bytes:
    """As heavy as a photograph of its size, some 350 kB: soft grain, and tracks over it."""
    size = (1600, 1067) if number % 3 else (1067, 1600)
    grain = Image.effect_noise(size, 60).filter(ImageFilter.GaussianBlur(1.1))
    image = grain.convert("RGB")
    draw = ImageDraw.Draw(image)
    for line in range(7):
        y = 120 + line * size[1] // 8
        draw.line((0, y, size[0], y), fill=(91, 26, 107), width=8)
        x = (number * 211 + line * 173) % size[0]
        draw.rectangle((x - 14, y - 40, x + 14, y + 40), fill=(255, 176, 46), width=3)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def whole(themes: int, pictures: list[dict[str, Any]], seed: int = 7) -> dict[str, Any]:
    """A review with so many themes; everything in it is made up."""
    chance = random.Random(seed)

    def text(paragraphs: int) -> str:
        return "\n\n".join(
            " ".join(chance.sample(SENTENCES, chance.randint(3, 6))) for _ in range(paragraphs)
        )

    def points(count: int) -> str:
        return "\n\n".join(chance.sample(POINTS, count))

    def listed(count: int) -> str:
        return "\n".join(f"- {one}" for one in chance.sample(POINTS, count))

    def quotation(length: int) -> dict[str, str]:
        place = chance.choice(PLACES)
        return {
            "text": " ".join(chance.sample(SENTENCES, length)),
            "name": "",
            "role": chance.choice(("Head of service", "Inclusion lead", "Tutor, strings")),
            "service": f"{place} Music Service",
        }

    table = (
        "| Minutes | What happens |\n|---|---|\n| 0 to 5 | Why we are here |\n"
        "| 5 to 35 | What differs most |\n| 35 to 45 | Who would know |\n| 45 to 60 | One thing |"
    )
    chapters = [
        chapter("about", "About this review", lead=SENTENCES[8], body=text(3)),
        chapter(
            "programme",
            "What Changing Tracks is",
            lead=text(1),
            body=f"{text(2)}\n\n## Where it comes from\n\n{text(2)}",
        ),
        chapter("involved", "Who is involved", lead=text(1), body=text(1)),
        chapter(
            "summary",
            "Executive summary",
            lead=text(1),
            body=text(2),
            factors="\n\n".join(f"### {one}\n\n{text(1)}" for one in TITLES[1:6]),
        ),
    ]
    for number in range(themes):
        body = f"{text(2)}\n\n## What was tried\n\n{text(2)}\n\n## An hour, as it went\n\n{table}"
        chapters.append(
            chapter(
                "theme",
                TITLES[number % len(TITLES)],
                lead=" ".join(chance.sample(SENTENCES, 2)),
                body=body,
                benefits=points(3),
                challenges=points(3),
                addressed=f"{text(1)}\n\n{points(2)}",
                forward=listed(6),
                quotations=[quotation(1), quotation(2)],
                pictures=pictures[number : number + 1],
                resources=[
                    {"title": title, "path": f"/library/{at}/", "kind": "Guide"}
                    for at, title in enumerate(chance.sample(TITLES, 4))
                ],
                topics=[
                    {"title": "Youth voice", "path": "/library/topics/voice/", "kind": "Topic"}
                ],
            )
        )
    chapters += [
        chapter("figures", "The year in figures", lead=text(1)),
        chapter("ahead", "Looking ahead", lead=text(1), body=text(3)),
    ]
    for number, one in enumerate(chapters):
        one["id"] = number
    return {
        "title": "What we learned",
        "strapline": "How music services become more equal, diverse and inclusive, in their words",
        "year": "2025/26",
        "number": 2,
        "corrections": [{"number": 2, "said": "The number of services in the North West."}],
        "chapters": chapters,
        "figures": figures(chance),
    }


def chapter(kind: str, title: str, **said: Any) -> dict[str, Any]:
    texts = ("lead", "body", "benefits", "challenges", "addressed", "forward", "factors")
    lists = ("quotations", "pictures", "resources", "topics")
    return {
        "kind": kind,
        "title": title,
        **dict.fromkeys(texts, ""),
        **{name: [] for name in lists},
        **said,
    }


def figures(chance: random.Random) -> dict[str, Any]:
    services = [
        {
            "name": f"{place} Music Service",
            "authorities": [place],
            "since": chance.choice((2012, 2015, 2018, 2019, 2020, 2021, 2021, 2022, 2025)),
            "nwg": chance.random() < 0.5,
            "action_research": chance.random() < 0.3,
            "nurture_groups": chance.random() < 0.4,
            "is_new": False,
        }
        for place in PLACES
    ]
    for one in services:
        one["is_new"] = one["since"] == 2025
    names = ("Leadership", "Workforce", "Young people", "Teaching", "Partners and places")
    return {
        "taken_on": "21 November 2026",
        "from_on": "1 September 2025",
        "until_on": "31 August 2026",
        "numbers": [
            {
                "key": f"n{number}",
                "name": name,
                "value": value,
                "definition": f"{name}, as the portal knew it on the day it was counted.",
                "counted": counted,
                "note": note,
            }
            for number, (name, value, counted, note) in enumerate(
                (
                    ("music services involved", "30", 30, ""),
                    ("new this year", "4", 30, ""),
                    ("self-assessments finished", "22", 22, ""),
                    ("targets set", "143", 19, ""),
                    ("targets met", "61", 19, ""),
                    ("ratings that went up", "Not shown", None, "Fewer than five services."),
                    ("resources published", "12", 12, ""),
                )
            )
        ],
        "charts": [
            {
                "key": "areas",
                "title": "Where services are",
                "definition": "The level agreed by each service, in its middle, by area.",
                "columns": ["Area", "Middle", "Services"],
                "rows": [
                    {
                        "label": name,
                        "values": [f"{48 + 5 * number}%", "22"],
                        "share": 0.75 + 0.04 * number,
                        "start": 0.2 + 0.03 * number,
                        "middle": 0.48 + 0.05 * number,
                        "n": 22,
                    }
                    for number, name in enumerate(names)
                ],
                "total": ["57%", "22"],
                "note": "",
            },
            {
                "key": "targets",
                "title": "Targets by area",
                "definition": "Targets of approved plans, and what became of them by July.",
                "columns": ["Area", "Set", "Met", "Carried", "Left"],
                "rows": [
                    {
                        "label": name,
                        "values": [str(18 + 7 * number), "12", "9", "3"],
                        "share": (18 + 7 * number) / 46,
                        "start": None,
                        "middle": None,
                        "n": 19,
                    }
                    for number, name in enumerate(names)
                ],
                "total": ["160", "60", "45", "15"],
                "note": "A target counts once, in the area of its plan.",
            },
            {
                "key": "priorities",
                "title": "What was chosen most",
                "definition": "Sections that a service chose a priority from.",
                "columns": ["Section", "Services"],
                "rows": [],
                "total": None,
                "note": "Not shown: fewer than ten services have chosen.",
            },
        ],
        "involved": [
            {"region": region, "services": services[at :: len(REGIONS)]}
            for at, region in enumerate(REGIONS)
        ],
        "own": [
            {"name": "meetings of the Working Group", "value": "6", "definition": "Minutes, July."}
        ],
    }


@transaction.atomic
def measure(pages: str) -> dict[str, float]:
    """The first job of a worker, then some more of it; and the same review as a Word file."""
    by, now = User.objects.filter(is_active=True).first(), timezone.now()
    review = AnnualReview.objects.create(
        year=2025, title="What we learned", started_by=by, written_by=by
    )
    chapter_row = Chapter.objects.create(
        review=review, kind=ChapterKind.THEME, title="Pictures", saved_by=by
    )
    pictures = [keep(chapter_row, number, by) for number in range(THEMES[pages])]
    data = whole(THEMES[pages], pictures)
    made = Printing.objects.create(
        review=review, key=pages, data=data, requested_by=by, requested_at=now
    )
    times = []
    for _ in range(1 + TIMES):
        Printing.objects.filter(pk=made.pk).update(state="waiting", content=None)
        begun = time.perf_counter()
        tasks.make(made.pk)
        times.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    begun = time.perf_counter()
    as_word = word.document(data, paper.pictures_of(made))
    told = Printing.objects.light().get(pk=made.pk)
    transaction.set_rollback(True)
    return {
        "first": times[0],
        "median": statistics.median(times[1:]),
        "pages": told.pages,
        "bytes": told.size,
        "peak": peak,
        "word": time.perf_counter() - begun,
        "word_bytes": len(as_word),
    }


def keep(chapter_row: Chapter, number: int, by: User) -> dict[str, Any]:
    pixels = picture(number)
    with Image.open(BytesIO(pixels)) as opened:
        width, height = opened.size
    return picture_data(
        chapter_row.pictures.create(
            image=pixels,
            media_type="image/jpeg",
            sha256=hashlib.sha256(pixels).hexdigest(),
            width=width,
            height=height,
            alt="Tracks, with a mark on each",
            credit="Made up",
            added_by=by,
        )
    )


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[2])))
