from django.http import HttpRequest, HttpResponse

def listing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def switch(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def activity(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
