from django.http import HttpRequest, HttpResponse

def index(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def name(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
