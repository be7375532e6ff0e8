"""A picture on its way to a browser, of a resource or of a review."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from portal import stored
from resources.models import Picture, ResourcePicture

# What is at an address never changes. Within a day shared caches have let go of what was taken
# back: a picture may show somebody who does not want to be seen any more.
FOR_ALL = "public, max-age=86400, immutable"
FOR_FEW = "private, no-cache"


def send(
    request: HttpRequest, picture: Picture | ResourcePicture, *, for_all: bool
) -> HttpResponseBase:
    """`picture` has passed its gate; `for_all`: whoever asks would have got it."""
    etag = f'"{picture.sha256}"'
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        stored.whole(picture, "image"), content_type=picture.media_type
    )
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = FOR_ALL if for_all else FOR_FEW
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
