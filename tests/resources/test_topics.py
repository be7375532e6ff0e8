"""What the pages of topics say of them, and who writes it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.models import Activity, Topic
from resources import text


@pytest.fixture
def topic(db) -> Topic:
    return Topic.objects.get(slug="youth-voice")


def edit(topic: Topic) -> str:
    return reverse("topic_edit", args=[topic.pk])


def test_every_topic_that_ships_is_introduced_in_a_few_sentences(db):
    lengths = {topic.slug: text.words(topic.about) for topic in Topic.objects.all()}

    assert len(lengths) == 14
    assert [slug for slug, words in lengths.items() if not 20 <= words <= 60] == []


def test_readers_find_the_introduction_before_the_resources(client, topic):
    page = client.get(reverse("topic", args=[topic.slug])).text

    assert f'<div class="introduction"><p>{topic.about}</p></div>' in page
    assert edit(topic) not in page


def test_the_team_changes_it_in_the_browser(sign_in, topic):
    client = sign_in("team")

    answer = client.post(
        edit(topic), {"about": "Ask <b>first</b>.\r\n\r\nThen act.", "as_read": topic.about}
    )

    topic.refresh_from_db()
    assert topic.about == "Ask <b>first</b>.\n\nThen act."
    page = client.get(answer.url).text
    assert "<p>Ask &lt;b&gt;first&lt;/b&gt;.</p>\n\n<p>Then act.</p>" in page
    assert edit(topic) in page
    assert Activity.objects.get().subject == "the introduction of the topic “Youth Voice”"


def test_saving_what_is_there_changes_nothing(sign_in, topic):
    sign_in("team").post(edit(topic), {"about": topic.about, "as_read": topic.about})

    assert Activity.objects.exists() is False


def test_what_somebody_else_saved_meanwhile_is_shown_first(sign_in, topic):
    client, mine = sign_in("team"), {"about": "Mine", "as_read": topic.about}
    Topic.objects.filter(pk=topic.pk).update(about="Theirs\n\nand more")

    answer = client.post(edit(topic), mine)

    topic.refresh_from_db()
    assert (answer.status_code, topic.about) == (409, "Theirs\n\nand more")
    assert "<blockquote><p>Theirs</p>" in answer.text
    assert "Mine</textarea>" in answer.text
    client.post(edit(topic), {**mine, "as_read": "Theirs\r\n\r\nand more"})
    topic.refresh_from_db()
    assert topic.about == "Mine"


def test_an_introduction_that_is_too_long_is_refused_and_kept_in_the_form(sign_in, topic):
    answer = sign_in("team").post(edit(topic), {"about": "x" * 801, "as_read": topic.about})

    assert (answer.status_code, "x" * 801 in answer.text) == (422, True)
    assert Topic.objects.get(pk=topic.pk).about == topic.about


def test_a_topic_may_go_without_an_introduction(client, sign_in, topic):
    sign_in("team").post(edit(topic), {"about": "", "as_read": topic.about})

    assert 'class="introduction"' not in client.get(reverse("topic", args=[topic.slug])).text


def test_the_list_of_topics_takes_the_same_queries_for_any_number(
    sign_in, topic, django_assert_num_queries
):
    client = sign_in("team")
    address = reverse("topic_list")
    client.get(address)

    with django_assert_num_queries(4):
        client.get(address)
    Topic.objects.exclude(pk=topic.pk).delete()
    with django_assert_num_queries(4):
        client.get(address)
