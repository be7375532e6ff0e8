from django.http import HttpRequest, HttpResponse

def detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def ratings_csv(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def ratings_xlsx(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
