from django.http import HttpRequest, HttpResponse

def request_report(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def download(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
