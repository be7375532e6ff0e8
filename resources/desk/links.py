"""Whether a page on the web still answers, asked so that nobody can point us at ourselves.

The address of a link is a person's words. Before anything is sent its host is looked up, and every
address that the name stands for has to be one of the public net: not this machine, not the network
around it. The connection then goes to the very address that was looked at, so that a name that
changes its mind between the two leads nowhere. A redirect is looked at like a new link.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urljoin, urlsplit

SECONDS = 10  # for each step of asking
HOPS = 5  # redirects that are followed
PORTS = {"http": 80, "https": 443}
SAFE = "/%:@!$&'()*+,;=~-._?"  # in an address as they are; the rest is written as browsers do
AGENT = "ChangingTracksLinkCheck/1.0 (asks once a week whether a link still works)"
# A page that wants no robots, or a rest, is there.
THERE = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
}
# IPv6 addresses that carry an IPv4 one inside: what counts is where they come out.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Lookup = Callable[[str, int], list[str]]  # a host and a port, and the addresses it stands for


class RefusedError(Exception):
    """Nothing is sent to this address; the text says why."""


class NoAnswerError(Exception):
    """Nobody answered, or not in words of the web."""


@dataclass(frozen=True)
class Place:
    """Where a link leads, once it was looked at."""

    scheme: str
    host: str
    port: int
    address: str  # the one that is connected to
    path: str


def look_up(host: str, port: int) -> list[str]:
    """Every address that a name stands for."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise NoAnswerError(f"Nobody knows {host}.") from unknown
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public net, whatever it carries inside."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        # Translated addresses count as global or not by version of Python: they are looked into.
        return isinstance(ip, ipaddress.IPv6Address) and ip in TRANSLATED and inner_is_public(ip)
    if isinstance(ip, ipaddress.IPv6Address):
        return inner_is_public(ip)
    return True


def inner_is_public(ip: ipaddress.IPv6Address) -> bool:
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in TRANSLATED:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return all(is_public(str(one)) for one in inner if one is not None)


def place(url: str, lookup: Lookup = look_up) -> Place:
    """Where `url` leads, or RefusedError where nobody should be sent there."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as broken:
        raise RefusedError("It is no address of the web.") from broken
    if parts.scheme not in PORTS or not host:
        raise RefusedError("It is no address of the web.")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("It carries a name or a password.")
    usual = PORTS[parts.scheme]
    if port not in {None, usual}:
        raise RefusedError("It leads to a port that is none of the web.")
    addresses = lookup(host, usual)
    if not addresses:
        raise NoAnswerError(f"Nobody knows {host}.")
    if not all(is_public(one) for one in addresses):
        raise RefusedError("It leads into a private network.")
    path = quote(parts.path or "/", safe=SAFE)
    query = f"?{quote(parts.query, safe=SAFE)}" if parts.query else ""
    return Place(parts.scheme, host, usual, addresses[0], f"{path}{query}")


class Plain(http.client.HTTPConnection):
    """HTTP to the address that was looked at, under the name it goes by."""

    def __init__(self, to: Place) -> None:
        super().__init__(to.host, to.port, timeout=SECONDS)
        self.to = to

    def connect(self) -> None:
        self.sock = socket.create_connection((self.to.address, self.to.port), self.timeout)


class Secure(http.client.HTTPSConnection):
    """The same with a certificate, which has to be that of the name."""

    def __init__(self, to: Place) -> None:
        self.own_context = ssl.create_default_context()
        super().__init__(to.host, to.port, timeout=SECONDS, context=self.own_context)
        self.to = to

    def connect(self) -> None:
        bare = socket.create_connection((self.to.address, self.to.port), self.timeout)
        self.sock = self.own_context.wrap_socket(bare, server_hostname=self.to.host)


def status(url: str, look_at: Callable[[str], Place] = place) -> int | None:
    """What `url` answers in the end, or None where nobody answers. HEAD first, then GET."""
    try:
        found = follow("HEAD", url, look_at)
        if is_well(found):
            return found
        return follow("GET", url, look_at)
    except (NoAnswerError, RefusedError):
        return None


def is_well(answer: int | None) -> bool:
    return answer is not None and (answer < HTTPStatus.BAD_REQUEST or answer in THERE)


def follow(method: str, url: str, look_at: Callable[[str], Place]) -> int:
    for _ in range(HOPS + 1):
        answer, onward = ask(method, look_at(url), url)
        if not onward:
            return answer
        url = onward
    raise NoAnswerError("It sends people round in circles.")


def ask(method: str, to: Place, url: str) -> tuple[int, str]:
    """One question: what was answered, and where it sends people on to. The page is not read."""
    connection = Secure(to) if to.scheme == "https" else Plain(to)
    headers = {"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
    try:
        connection.request(method, to.path, headers=headers)
        answer = connection.getresponse()
        onward = answer.getheader("Location", "")
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as broken:
        raise NoAnswerError(str(broken)) from broken
    finally:
        connection.close()
    redirected = HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST
    if redirected and onward and answer.status != HTTPStatus.NOT_MODIFIED:
        return answer.status, urljoin(url, onward)
    return answer.status, ""
