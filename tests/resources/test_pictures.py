"""Pictures in the text of a resource: taken with their words, shown to its readers alone."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.models import Activity
from resources import feed, text
from resources.desk import advice, pictures
from resources.forms import merging
from resources.forms.writing import ResourceForm
from resources.models import Resource, ResourcePicture, ResourceState
from tests import factories
from tests.factories import HOSTILE

KNOWN = {"diary": text.Picture("/library/a/pictures/1/", 300, 200, "A diary")}


@pytest.fixture
def resource(person) -> Resource:
    return factories.resource("Reflection diary", body="![](picture:diary)")


@pytest.fixture
def kept(resource, person) -> ResourcePicture:
    return factories.resource_picture(resource, person("team"))


def to_add(resource: Resource) -> str:
    return reverse("resource_picture_add", args=[resource.pk])


def of(name: str, picture: ResourcePicture) -> str:
    return reverse(f"resource_picture_{name}", args=[picture.resource_id, picture.pk])


def photo(size: tuple[int, int] = (40, 30), kind: str = "JPEG", **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (91, 26, 107)).save(out, kind, **more)
    return out.getvalue()


def sent(content: bytes, name: str = "Our Diary.jpg", alt: str = "A diary") -> dict[str, object]:
    return {"image": SimpleUploadedFile(name, content), "alt": alt}


# What a text lets through


def test_a_picture_of_the_resource_is_shown_with_its_size_and_its_words():
    assert text.html("![An open diary](picture:diary)", pictures=KNOWN) == (
        '<p><img src="/library/a/pictures/1/" alt="An open diary" width="300" height="200" '
        'loading="lazy"></p>\n'
    )


def test_a_picture_without_words_in_the_text_has_those_it_was_added_with():
    assert 'alt="A diary"' in text.html("![ ](picture:diary)", pictures=KNOWN)


@pytest.mark.parametrize(
    "written",
    [
        *HOSTILE,
        "![x](picture:other)",
        "![x](https://elsewhere.example.org/x.png)",
        "![x](//elsewhere.example.org/x.png)",
        "![x](/library/a/pictures/2/)",
        "![x](picture:https://elsewhere.example.org/x.png)",
        "![x](data:image/png;base64,AAAA)",
        "![x](javascript:alert(1))",
        '<img src="/library/a/pictures/1/" onerror="alert(1)">',
        "[x](picture:diary)",
    ],
)
def test_no_other_picture_is_shown_from_anywhere(written):
    markup = text.html(written, pictures=KNOWN)

    assert "<img" not in markup
    assert "href" not in markup.replace("&lt;a href", "")


@pytest.mark.parametrize(
    "written",
    [
        '![" onload="alert(1)](picture:diary)',
        '![a](picture:diary "\\" onload=\\"alert(1)")',
        "![<script>alert(1)</script>](picture:diary)",
    ],
)
def test_words_of_a_picture_stay_words(written):
    markup = text.html(written, pictures=KNOWN)

    img = markup.partition("<img ")[2].partition(">")[0]
    assert img.count('"') == 10
    assert "title" not in img
    assert "<script" not in markup
    assert text.clean(markup, {"/library/a/pictures/1/"}) == markup


def test_words_that_would_mean_something_are_left_out_of_the_line_to_copy(kept):
    kept.alt = "A [diary](x) *open*"

    assert kept.mark == "![A diary(x) open](picture:diary)"


def test_the_line_to_copy_shows_the_picture(kept):
    markup = text.html(kept.mark, pictures={"diary": KNOWN["diary"]})

    assert 'alt="A diary, open on a table"' in markup


# Readers


def test_readers_see_the_picture_in_the_text(client, kept):
    page = client.get(kept.resource.get_absolute_url()).text

    assert (
        f'<img src="{kept.get_absolute_url()}" alt="A diary, open on a table" '
        'width="300" height="200" loading="lazy">'
    ) in page


def test_a_picture_is_kept_by_browsers_and_asked_after_by_its_name(client, kept):
    first = client.get(kept.get_absolute_url())

    again = client.get(kept.get_absolute_url(), headers={"If-None-Match": first.headers["ETag"]})
    assert first.content == bytes(kept.image)
    assert (first.headers["Content-Type"], first.headers["Cache-Control"]) == (
        *("image/png", "public, max-age=86400, immutable"),
    )
    assert "Vary" not in first.headers
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert (again.status_code, again.content) == (304, b"")


def test_a_visitor_costs_one_question_beside_the_picture_itself(
    client, kept, django_assert_num_queries
):
    with django_assert_num_queries(1):  # the picture itself is asked for in binary, beside them
        answer = client.get(kept.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(kept.get_absolute_url(), headers={"If-None-Match": answer.headers["ETag"]})


@pytest.mark.parametrize(
    ("fields", "readers"),
    [
        ({"state": ResourceState.DRAFT, "published_on": None}, {"team"}),
        ({"visibility": "members"}, {"team", "board_viewer"}),
        ({"visibility": "nwg"}, {"team"}),
    ],
)
def test_a_picture_is_for_those_who_may_read_its_resource(client, sign_in, kept, fields, readers):
    Resource.objects.update(**fields)

    answers = {who: sign_in(who).get(kept.get_absolute_url()) for who in ("team", "board_viewer")}

    assert {who for who, answer in answers.items() if answer.status_code == 200} == readers
    assert answers["team"].headers["Cache-Control"] == "private, no-cache"
    assert client.get(kept.get_absolute_url()).status_code == 404


def test_a_feed_has_whole_addresses(kept, settings):
    settings.SITE_URL = "https://tracks.example.org"
    Resource.objects.update(body="[Help](/help/) ![x](picture:none)\n\n![](picture:diary)")

    written = feed.library()

    assert f'src="https://tracks.example.org{kept.get_absolute_url()}"' in written.replace(
        "&quot;", '"'
    )
    assert 'href="https://tracks.example.org/help/"' in written.replace("&quot;", '"')
    assert written.count("&lt;img") == 1


def test_a_text_without_pictures_costs_no_query_for_them(client, kept, django_assert_num_queries):
    other = factories.resource("No pictures", body="Words.")
    client.get(other.get_absolute_url())

    with django_assert_num_queries(7):
        client.get(kept.resource.get_absolute_url())
    with django_assert_num_queries(6):
        client.get(other.get_absolute_url())


# The desk


def test_a_picture_is_written_anew_and_named_after_its_file(sign_in, person, resource):
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"

    answer = sign_in("team").post(to_add(resource), sent(photo((3000, 1500), exif=exif)))

    made = ResourcePicture.objects.get()
    assert answer.url == reverse("resource_files", args=[resource.pk])
    assert (made.name, made.alt, made.media_type) == ("our-diary", "A diary", "image/jpeg")
    assert (made.width, made.height) == (1600, 800)
    assert b"Taken at home" not in bytes(made.image)
    changed = Resource.objects.get()
    assert (changed.version, changed.written_by) == (2, person("team"))
    assert Activity.objects.get().subject == (
        "the picture our-diary to the resource “Reflection diary”"
    )


def test_the_page_of_files_has_the_line_to_copy(sign_in, kept):
    page = sign_in("team").get(reverse("resource_files", args=[kept.resource_id])).text

    assert "<code>![A diary, open on a table](picture:diary)</code>" in page


def test_two_pictures_of_one_name_are_told_apart(sign_in, resource):
    client = sign_in("team")

    client.post(to_add(resource), sent(photo()))
    client.post(to_add(resource), sent(photo((41, 30))))

    assert list(ResourcePicture.objects.values_list("name", flat=True)) == [
        *("our-diary", "our-diary-2"),
    ]


@pytest.mark.parametrize(
    ("content", "name", "alt", "said"),
    [
        (b"", "a.png", "A", "cannot be read as a picture"),
        (b"<svg onload='alert(1)'/>", "a.svg", "A", "cannot be read as a picture"),
        (b"%PDF-1.7", "a.png", "A", "cannot be read as a picture"),
        (photo()[:200], "a.jpg", "A", "cannot be read as a picture"),
        (photo((20, 20), "GIF"), "a.png", "A", "cannot be read as a picture"),
        (photo(), "a.jpg", " ", "Say what the picture shows."),
    ],
)
def test_what_is_no_picture_or_has_no_words_is_refused(sign_in, resource, content, name, alt, said):
    answer = sign_in("team").post(to_add(resource), sent(content, name, alt))

    assert (answer.status_code, ResourcePicture.objects.exists()) == (422, False)
    assert said in answer.text


def test_the_very_same_picture_is_not_kept_twice(sign_in, resource):
    client = sign_in("team")
    client.post(to_add(resource), sent(photo()))

    answer = client.post(to_add(resource), sent(photo(), "again.jpg"))

    assert (answer.status_code, ResourcePicture.objects.count()) == (409, 1)
    assert "This very picture is there already, as “our-diary”." in answer.text


def test_a_resource_has_room_for_so_many(sign_in, kept, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PICTURES", 1)

    answer = sign_in("team").post(to_add(kept.resource), sent(photo()))

    assert (answer.status_code, ResourcePicture.objects.count()) == (409, 1)


def test_words_of_a_picture_are_changed(sign_in, kept):
    sign_in("team").post(of("edit", kept), {"alt": "An open  diary", "as_read": kept.alt})

    assert (ResourcePicture.objects.get().alt, Resource.objects.get().version) == (
        *("An open diary", 2),
    )


def test_words_that_somebody_else_changed_are_shown_before_they_are_replaced(sign_in, kept):
    client, mine = sign_in("team"), {"alt": "Mine", "as_read": kept.alt}
    ResourcePicture.objects.update(alt="Theirs")

    first = client.post(of("edit", kept), mine)

    assert (first.status_code, ResourcePicture.objects.get().alt) == (409, "Theirs")
    assert "to: “Theirs”" in first.text
    client.post(of("edit", kept), {**mine, "as_read": "Theirs"})
    assert ResourcePicture.objects.get().alt == "Mine"


def test_a_picture_is_removed_after_it_was_asked(sign_in, kept):
    client = sign_in("team")

    asked = client.get(of("remove", kept))

    assert ("The text shows it now." in asked.text, ResourcePicture.objects.count()) == (True, 1)
    client.post(of("remove", kept))
    assert ResourcePicture.objects.exists() is False
    assert "<img" not in client.get(kept.resource.get_absolute_url()).text.partition("<main")[2]


def test_an_archived_resource_keeps_its_pictures_as_they_are(sign_in, kept):
    Resource.objects.update(state=ResourceState.ARCHIVED)
    client = sign_in("team")

    client.post(of("remove", kept))
    answers = [
        client.post(to_add(kept.resource), sent(photo())).status_code,
        client.post(of("edit", kept), {"alt": "Else", "as_read": kept.alt}).status_code,
        client.get(to_add(kept.resource)).status_code,
    ]

    assert answers == [409, 409, 302]
    assert list(ResourcePicture.objects.values_list("alt", flat=True)) == [kept.alt]


def test_a_picture_of_another_resource_is_not_there(sign_in, kept):
    other = factories.resource("Another")
    address = reverse("resource_picture_edit", args=[other.pk, kept.pk])

    assert sign_in("team").get(address).status_code == 404


def test_advice_says_which_picture_is_not_shown_and_why(kept):
    body = "![](picture:diary) ![](picture:nowhere) ![](https://example.org/x.png)"

    found = [one.words for one in advice.of(title="X", body=body, kept=kept.resource)]

    assert found == [
        "It has no picture called “nowhere”.",
        "A picture from elsewhere is not shown. Add it under “Files and pictures”.",
    ]


def test_looking_it_over_shows_pictures_too(sign_in, kept):
    as_read = merging.as_read(ResourceForm(instance=kept.resource))
    words = {"title": "A", "summary": "B", "kind": "guide", "visibility": "public"}
    address = reverse("resource_edit", args=[kept.resource_id])

    page = (
        sign_in("team")
        .post(
            address, {**words, "body": "![Look](picture:diary)", "go": "look", "as_read": as_read}
        )
        .text
    )

    assert f'<img src="{kept.get_absolute_url()}" alt="Look"' in page
