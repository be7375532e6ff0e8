from django.http import HttpRequest, HttpResponse

def listing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def invite(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def role(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def remove(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def send_again(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def withdraw(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")


def join(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("not yet")
