"""How one edition becomes the next: what is proposed, what must hold, and what continues."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from selfassessment.differences import Piece, differences
from selfassessment.models import Became, Level, MappingLine, Statement
from selfassessment.questionnaires.mapping import (
    Change,
    Continuity,
    continuing,
    inverted,
    problems,
    propose,
    same_scale,
    trouble_with,
)


def edition(first_pk: int, texts: dict[str, str]) -> list[Statement]:
    return [
        Statement(pk=first_pk + number, code=code, text=text)
        for number, (code, text) in enumerate(texts.items())
    ]


def lines_of(found: list[Change]) -> list[MappingLine]:
    return [
        MappingLine(became=change.became, old=old, new=new)
        for change in found
        for old, new in change.ties
    ]


ONE_TO_ONE = (
    "A1.1 → A1.1, A1.3: reworded means one statement of each edition. "
    "For more, choose split or merged."
)

editions = st.dictionaries(
    st.sampled_from([f"A1.{number}" for number in range(1, 9)]),
    st.sampled_from(["We plan.", "We plan ahead.", "We listen.", "We ask.", "We share."]),
)


def test_codes_and_words_suggest_what_became_of_each_statement():
    olds = edition(1, {"A1.1": "We plan.", "A1.2": "We listen.", "A1.3": "We ask."})
    news = edition(11, {"A1.1": "We  plan.", "A1.2": "We listen well.", "A1.4": "We share."})

    found = [(change.became, change.codes) for change in propose(olds, news)]

    assert found == [
        (Became.UNCHANGED, "A1.1"),
        (Became.REWORDED, "A1.2"),
        (Became.DROPPED, "A1.3"),
        (Became.NEW, "A1.4"),
    ]


def test_a_statement_that_moved_is_found_by_its_words():
    olds = edition(1, {"A1.1": "We plan.", "A1.2": "We listen."})
    news = edition(11, {"A1.1": "We plan.", "B2.1": "We listen."})

    found = [(change.became, change.codes) for change in propose(olds, news)]

    assert found == [(Became.UNCHANGED, "A1.1"), (Became.UNCHANGED, "A1.2 → B2.1")]


@given(editions, editions)
def test_a_proposal_accounts_for_every_statement_once(before, after):
    olds, news = edition(1, before), edition(101, after)

    found = propose(olds, news)

    assert problems(found, olds, news) == []


@given(editions, editions)
def test_what_continues_is_one_to_one_and_never_split_merged_new_or_dropped(before, after):
    olds, news = edition(1, before), edition(101, after)
    found = propose(olds, news)

    ties = continuing(lines_of(found))

    assert len(set(ties.values())) == len(ties)
    assert set(ties) == {
        change.olds[0].pk
        for change in found
        if change.became in {Became.UNCHANGED, Became.REWORDED}
    }


def test_split_and_merged_statements_do_not_continue():
    one, two = edition(1, {"A1.1": "We plan and listen.", "A1.2": "We ask."})
    three, four = edition(11, {"A1.1": "We plan.", "A1.2": "We listen."})
    split = Change(Became.SPLIT, (one,), (three, four))
    merged = Change(Became.MERGED, (one, two), (three,))

    assert continuing(lines_of([split])) == continuing(lines_of([merged])) == {}


@given(editions, editions, editions)
def test_continuity_over_several_editions_is_the_same_both_ways(one, two, three):
    first, second, third = edition(1, one), edition(101, two), edition(201, three)
    step, next_step = (
        continuing(lines_of(propose(olds, news)))
        for olds, news in ((first, second), (second, third))
    )
    continuity = Continuity({(1, 2): step, (2, 3): next_step})

    over = continuity.between(1, 3)

    assert over == {old: next_step[new] for old, new in step.items() if new in next_step}
    assert continuity.between(3, 1) == inverted(over)
    assert continuity.between(2, 1) == inverted(step)


def test_nothing_continues_where_nobody_compared():
    continuity = Continuity({(1, 2): {11: 21}})

    assert continuity.between(1, 3) is None
    assert continuity.between(3, 1) is None
    assert continuity.between(1, 1) is None


def test_the_shortest_way_between_two_editions_counts():
    continuity = Continuity({(1, 2): {11: 21}, (2, 3): {21: 31}, (1, 3): {12: 32}})

    assert continuity.between(1, 3) == {12: 32}


def test_a_change_says_what_is_wrong_with_it_and_where():
    one, two = edition(1, {"A1.1": "We plan.", "A1.2": "We listen."})
    three, four = edition(11, {"A1.1": "We plan.", "A1.3": "We ask."})

    troubles = [
        trouble_with(change)
        for change in (
            Change(Became.UNCHANGED, (one,), (three,)),
            Change(Became.UNCHANGED, (two,), (four,)),
            Change(Became.REWORDED, (one,), (three,)),
            Change(Became.REWORDED, (one,), (three, four)),
            Change(Became.SPLIT, (one,), (three,)),
            Change(Became.MERGED, (one,), (three,)),
            Change(Became.NEW, (one,), (three,)),
            Change(Became.DROPPED, (one,), (three,)),
        )
    ]

    assert troubles == [
        "",
        "A1.2 → A1.3: the words differ, so this is reworded.",
        "A1.1: the words are the same, so this is unchanged.",
        ONE_TO_ONE,
        "A1.1: split means one statement became two or more.",
        "A1.1: merged means two or more statements became one.",
        "A1.1: new means that no earlier statement stands behind it.",
        "A1.1: dropped means that no later statement stands for it.",
    ]


def test_statements_left_out_or_named_twice_are_named():
    olds = edition(1, {"A1.1": "We plan.", "A1.2": "We listen."})
    news = edition(11, {"A1.1": "We plan.", "A1.2": "We listen."})
    twice = Change(Became.UNCHANGED, (olds[0],), (news[0],))

    wrong = problems([twice, twice], olds, news)

    assert wrong == [
        "A1.1 of the older edition is accounted for twice.",
        "A1.2 of the older edition is not accounted for.",
        "A1.1 of the newer edition is accounted for twice.",
        "A1.2 of the newer edition is not accounted for.",
    ]


def test_what_went_and_what_came_is_marked():
    pieces = differences("We have a plan for inclusion.", "We have a written plan.")

    assert pieces == (
        Piece("We have a"),
        Piece(" written", "ins"),
        Piece(" plan"),
        Piece(" for inclusion", "del"),
        Piece("."),
    )


words = st.lists(st.sampled_from(["we", "plan", "ask,", "(listen)", "don’t"]), max_size=8)


@given(words, words)
def test_both_wordings_can_be_read_back_from_the_differences(before, after):
    pieces = differences(" ".join(before), " ".join(after))

    old = "".join(piece.text for piece in pieces if piece.mark != "ins")
    new = "".join(piece.text for piece in pieces if piece.mark != "del")

    assert (old, new) == (" ".join(before), " ".join(after))


def test_scales_are_the_same_by_number_and_name_alone():
    scale = [Level(value=0, name="Not started"), Level(value=1, name="In place", anchor="Look.")]
    anchored = [Level(value=1, name="In place"), Level(value=0, name="not  started")]
    renamed = [Level(value=0, name="Not started"), Level(value=1, name="Done")]
    longer = [*scale, Level(value=2, name="Embedded")]

    assert same_scale(scale, anchored)
    assert not same_scale(scale, renamed)
    assert not same_scale(scale, longer)
