"""The demo's annual review in words: plainly invented, the same each time."""

from __future__ import annotations

from dataclasses import dataclass

from resources.models import ChapterKind

TITLE = "Small steps, kept up"
STRAPLINE = "A made-up review of the demonstration portal: its services and people do not exist."
NEXT_TITLE = "Who is not in the room"
NEXT_STRAPLINE = "The made-up review of this year, expected in the summer."


@dataclass(frozen=True)
class Said:
    """What somebody invented said, and where their consent would be on record."""

    text: str
    name: str
    role: str
    service: str = ""
    consent_note: str = "Signed form of the demo, 14 June"


@dataclass(frozen=True)
class Written:
    """A chapter as the demo has it."""

    kind: ChapterKind
    title: str
    lead: str
    body: str = ""
    benefits: str = ""
    challenges: str = ""
    addressed: str = ""
    forward: str = ""
    factors: str = ""
    said: tuple[Said, ...] = ()
    topics: tuple[str, ...] = ()  # slugs; resources of these are to read on
    remark: str = ""


CHAPTERS = (
    Written(
        ChapterKind.ABOUT,
        "About this review",
        "Everything in it is invented, so that you can see what an annual review looks like in "
        "the portal before you write one.",
        body="""The services Northvale, Brackenshire and Eastmere exist only in this \
demonstration. So do the people who are quoted, and what they say.

## How it was made

Three authors wrote it in the portal, chapter by chapter. The figures were taken from the portal \
on one day and stayed as they were. A second person read it whole before it was published.

## How to read it

Each theme has the same parts: what helped, what was hard, what services did about it, and what \
another service could take from it. You can begin with any of them.""",
    ),
    Written(
        ChapterKind.PROGRAMME,
        "What Changing Tracks is",
        "A network of music services that want more young people to find their place in music, "
        "and are willing to look at themselves first.",
        body="""A music service joins by asking itself how inclusive it is. Everyone who works \
there gives a view of their own, from the head of service to the tutor who comes on Thursdays. \
Then they talk.

From the talk come a few priorities. From those come targets, each with a role, a date and a way \
to tell whether it worked. A year later the same statements are rated again, and the service sees \
what moved.

## What it offers

| Offer | For whom | How often |
|---|---|---|
| Self-assessment | A whole music service | Once a year |
| Action plan | Its ED&I group | Looked at each term |
| Library | Anybody | Whenever it is useful |
| National Working Group | Two people from a service | Four meetings a year |

## What it does not do

It does not rank services, and it does not inspect them. Ratings and comments stay with the \
service that gave them.""",
    ),
    Written(
        ChapterKind.INVOLVED,
        "Who is involved",
        "The music services in the directory, region by region, with what each of them takes "
        "part in.",
        body="""A service stands in this list from the first year for which a public page links it \
to the programme. It says nothing about how far a service has come.""",
    ),
    Written(
        ChapterKind.SUMMARY,
        "Executive summary",
        "Nothing dramatic happened this year. Services chose less, finished more of it, and told "
        "people what had changed.",
        body="""The services of this demonstration chose about four priorities each. The year \
before it had been nine. Fewer priorities meant that each had somebody who minded about it, and \
that the termly look back took twenty minutes instead of an afternoon.

What moved most was what people could see: a fee form on one page, a choir that meets where there \
is a ramp, a sentence in every job advert that says who is missing. What moved least was anything \
that needed a budget line before it could begin.""",
        factors="""## Choose three things

A short list survives a busy term. Park the rest openly, with a reason, so that nobody feels \
overlooked.

## Give each a role, and a day

A target without a date is a wish. A role is better than a name, because people leave.

## Ask the people it is for

Young people who were asked what they would change mostly asked for small things that nobody had \
thought of.

## Tell them what came of it

Services that told young people each term what had changed were asked more, and better, \
questions.

## Look again on a fixed day

The day was in the diary before the first meeting ended. That mattered more than what was on the \
agenda.""",
    ),
    Written(
        ChapterKind.THEME,
        "Listening to young people",
        "Most services ask young people what they think. Fewer can say what changed because of "
        "an answer.",
        body="""Northvale began with a box by the door of every ensemble, and one question a term. \
Brackenshire asked tutors to open a lesson with it. Eastmere paid six young people to go and find \
out, and then did what they said about the timetable.""",
        benefits="""- **Ideas that cost nothing.** A later start on Saturdays brought back four \
players who look after a sibling in the morning.
- **Honest news early.** Two young people said that the uniform put their friends off, a year \
before anybody would have seen it in the numbers.
- **Better ratings.** Teams that could name an example rated themselves with less argument.""",
        challenges="""- **The same five voices.** Confident young people answer first, and often \
for the others.
- **No reply.** Asking without answering makes the next answer shorter.
- **Time.** Listening well takes paid hours, and those are nobody’s job yet.""",
        addressed="""- Questions went to where young people already were: the last five minutes \
of a rehearsal, the minibus, the queue for instruments.
- One person kept a list of what was heard, and what was done, on one page.
- Tutors who found it awkward did it in pairs.""",
        forward="""1. Ask one question a term, and only one.
2. Say on the same day when the answer will come.
3. Put what changed where young people will see it.
4. Ask who has not answered, and go there next.
5. Pay for the time it takes.""",
        said=(
            Said(
                "We thought nobody was interested. Nobody had been asked.",
                "Robin Northvale",
                "Head of service (made up)",
                "Northvale Music Service",
            ),
            Said(
                "I said the chairs were too low for my wheelchair and the next week they were not.",
                "A young player",
                "Eastmere (made up)",
            ),
        ),
        topics=("youth-voice",),
    ),
    Written(
        ChapterKind.THEME,
        "Talking before counting",
        "When a team rates itself, the average is the least interesting thing that comes out.",
        body="""In all three services people were furthest apart on the same kind of statement: \
those about what others in the service do. Managers thought that policies were known. Tutors who \
were paid by the hour had never been sent them.

The number was not wrong. It was three different numbers, and each of them was right about the \
part that somebody could see.""",
        benefits="""- **Good work comes to light.** Whoever rates high can usually point to where \
it happens.
- **“Don’t know” tells something.** Where a third of a team cannot rate a statement, the news has \
not travelled.""",
        challenges="""- A wide spread feels like blame to whoever leads.
- Talking takes an hour that had been meant for something else.""",
        addressed="""- The talk began with the three statements furthest apart, and stopped there.
- Totals stayed hidden until the team had agreed its ratings.
- Somebody from outside the leadership chaired.""",
        forward="""1. Rate alone, and pay those who are paid by the hour.
2. Begin with the widest spread.
3. Write down in one sentence why you agreed.
4. Show totals last, or not at all.""",
        said=(
            Said(
                "I gave it a nought and my manager gave it a four. We were both describing our "
                "Tuesday.",
                "Asha Northvale",
                "Inclusion lead (made up)",
                "Northvale Music Service",
            ),
        ),
    ),
    Written(
        ChapterKind.THEME,
        "Opening the door on Saturdays",
        "Ensembles are where young people stay or leave. What stands in the way is rarely the "
        "music.",
        body="""The three services went through their ensembles with one form: where, when, how \
much, who comes, who came once. It took a morning. What it showed was not about repertoire.""",
        benefits="""- A plan of bus times beside the rehearsal times brought eleven young people \
from the villages.
- A loan without a deposit needed no new instruments.""",
        challenges="""- Halls with step-free access cost more, and are booked a year ahead.
- Fee help that had to be asked for was hardly asked for.""",
        addressed="""- Help with fees is offered to everybody on the first form.
- One ensemble a year moves to a hall that anyone can enter.
- A quiet room is part of every concert day.""",
        forward="""1. Fill in the form for your largest ensemble first.
2. Offer help before anybody has to ask.
3. Put the bus on the poster.""",
    ),
    Written(
        ChapterKind.FIGURES,
        "The year in figures",
        "What the portal knows of the year, taken on one day. Each figure says how it was counted.",
    ),
    Written(
        ChapterKind.AHEAD,
        "Looking ahead",
        "Next year’s question is who is not in the room.",
        body="""Services asked for help with one thing more than any other: reaching the people \
who have never been in touch with them. The next review will follow what they try.

## What we will do

- Meet four times with the National Working Group, each time in another region.
- Publish one short resource a month, written with a service that has tried it.
- Ask every service once whether this portal saves it time. If it does not, we will say so here.""",
    ),
)
NEXT_CHAPTERS = (
    Written(
        ChapterKind.THEME,
        "Who is not in the room",
        "A first draft, so that you can see how several people write at once.",
        body="Three services are counting who has never been in touch with them. More in spring.",
        remark="Can somebody ask Brackenshire for a picture of their open morning?",
    ),
)
PROFILES = {
    "Northvale Music Service": {
        "why_joined": "We had good projects and no way to tell whether they added up to anything.",
        "improving": "How tutors who are paid by the hour hear about what we decide.",
        "difference": "Our board asks about inclusion before we bring it up. That is new.",
    },
    "Eastmere Music Hub": {
        "why_joined": "A parent asked us why her daughter was the only wheelchair user in any of "
        "our ensembles. We did not have an answer.",
        "improving": "Saturday ensembles: halls, buses, fees, and who feels at home there.",
        "difference": "Six young people are paid to tell us what to change. We have changed eleven "
        "things.",
    },
}
FORMER_NAME = "Northvale Schools Music"
