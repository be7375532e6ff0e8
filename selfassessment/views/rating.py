from django.http import HttpRequest, HttpResponse

def section(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def save(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def check(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def hand_in(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def reopen(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
