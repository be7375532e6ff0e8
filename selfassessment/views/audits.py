from django.http import HttpRequest, HttpResponse

def listing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def start(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def change_date(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def discard(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
