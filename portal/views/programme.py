from django.http import HttpRequest, HttpResponse

def listing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def invite(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def end(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
