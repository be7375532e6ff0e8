from django.http import HttpRequest, HttpResponse

def style(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def mail_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def mail_detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
