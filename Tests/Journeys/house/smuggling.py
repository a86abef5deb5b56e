"""Requests that two parsers could read differently: each is refused, and what hides behind it is not served."""

POISON = "GET /poison HTTP/1.1\r\nHost: localhost\r\n\r\n"


def fields(
    lines: str, body: str = "", line: str = "POST /api/auth/login HTTP/1.1", host: str = "Host: localhost\r\n"
) -> bytes:
    """Latin-1: `\\x85` is that one byte."""
    return f"{line}\r\n{host}{lines}\r\n\r\n{body}{POISON}".encode("latin-1")


def chunks(body: str) -> bytes:
    return fields("Transfer-Encoding: chunked", body)


def line(text: str) -> bytes:
    return f"{text}\r\nHost: localhost\r\n\r\n{POISON}".encode("latin-1")


def host(text: str) -> bytes:
    return f"GET /api/v1/health HTTP/1.1\r\n{text}\r\n\r\n{POISON}".encode("latin-1")


LENGTHS = [
    "5\r\nContent-Length: 5",
    "5\r\nContent-Length: 6",
    "5, 5",
    "+5",
    "-0",
    "-5",
    "0x5",
    "5_0",
    "1e1",
    "5 5",
    '"5 5"',
    "\xd9\xa5",
    "9223372036854775808",
    "18446744073709551621",
    "",
    " \t ",
    "05",
    "\x0b5",
    "5\x0c",
    "\x855",
    "5\xa0",
    "5\r\nTransfer-Encoding: chunked",
]
CODINGS = [
    "xchunked",
    "identity",
    ",chunked",
    "chunked,",
    "chunked;a=b",
    "chunked, chunked",
    "chunked, gzip",
    '"chunked"',
    "",
    "chunked\r\nTransfer-Encoding: chunked",
    "chunked\r\nTransfer-encoding: cow",
    "\r\n chunked",
    "chunked\r\n\t,gzip",
    "\x00chunked",
    "\x0bchunked",
    "chunked\xff",
    "chunked\r\nContent-Length: 5",
]
NAMES = [
    "Content-Length : 5",
    "Content-Length\t: 5",
    "X: y\r\n Content-Length: 5",
    "Content_Length: 5",
    "Transfer-\r\nEncoding: chunked",
    ": x",
    "NoColon",
    "X\x85: y",
    "X\tY: z",
    "X Y: z",
    "X\x00: z",
    "X(Y): z",
    "X: y\nContent-Length: 5",
    "X: y\rContent-Length: 5",
    "X: y\r",
    "X: a\x00b",
    "X: a\x7fb",
    "X: a\r\n b",
]
CHUNKS = [
    "\r\nhello\r\n0\r\n\r\n",
    "0x5\r\nhello\r\n0\r\n\r\n",
    "+5\r\nhello\r\n0\r\n\r\n",
    "-0\r\n\r\n",
    "5_0\r\nhello\r\n0\r\n\r\n",
    " 5\r\nhello\r\n0\r\n\r\n",
    "5 \r\nhello\r\n0\r\n\r\n",
    "00000000000000005\r\nhello\r\n0\r\n\r\n",
    "8000000000000000\r\nhello",
    "g\r\nhello\r\n0\r\n\r\n",
    "5\nhello\r\n0\r\n\r\n",
    "5\rXhello\r\n0\r\n\r\n",
    "5;a\nb=c\r\nhello\r\n0\r\n\r\n",
    "5;a=\x00\r\nhello\r\n0\r\n\r\n",
    "5;\r\nhello\r\n0\r\n\r\n",
    f"5;{'a' * 1024}\r\nhello\r\n0\r\n\r\n",
    "5\r\nhello\rX0\r\n\r\n",
    "5\r\nhelloXX0\r\n\r\n",
    "5\r\nhello0\r\n\r\n",
    "4\r\nhello\r\n0\r\n\r\n",
    "0\r\n\rX",
    "0\r\nXX",
    "0\r\n\n",
    "0\r\nX\r\n\r\n",
    "0\r\nX : y\r\n\r\n",
    "0\r\nContent_Length: 5\r\n\r\n",
]
HOSTS = [
    "X: y",
    "Host: localhost\r\nHost: localhost",
    "Host: localhost\r\nHost: b",
    "Host:",
    "Host: a,b",
    "Host: u@localhost",
    "Host: localhost/b",
    "Host: a b",
    "Host: localhost:",
    "Host: localhost:0",
    "Host: localhost:65536",
    "Host: localhost:80x",
    "Host: [::1",
    " Host: localhost",
]
LINES = [
    "GET\t/ HTTP/1.1",
    "GET /\tHTTP/1.1",
    "GET  / HTTP/1.1",
    "GET /  HTTP/1.1",
    "GET / http/1.1",
    "GET /",
    "GET / HTTP/1.1x",
    "GET / HTTP/4294967297.1",
    "\x16\x03\x01\x02\x00\x01",
    "GET /a b HTTP/1.1",
    "GET /a#b HTTP/1.1",
    "GET /a\\b HTTP/1.1",
    "GET /\x00 HTTP/1.1",
    "GET /a%00 HTTP/1.1",
    "GET /a%0d%0aX:%20y HTTP/1.1",
    "GET /%2f.. HTTP/1.1",
    "GET /a%5cb HTTP/1.1",
    "GET /%c0%af HTTP/1.1",
    "GET /a/../b HTTP/1.1",
    "GET /a/%2e%2E/b HTTP/1.1",
    "GET /a% HTTP/1.1",
    "GET * HTTP/1.1",
    "GET a:80 HTTP/1.1",
    "GET http://other/ HTTP/1.1",
    "GET http://u@localhost/ HTTP/1.1",
    "G(T / HTTP/1.1",
]
STARTS = [
    "GET / HTTP/1.1\nHost: localhost\n\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\n\n",
    "\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    " GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
]
LIMITS = {
    431: [
        fields("X: " + "a" * 8_190),
        fields("\r\n".join(f"X{n}: {'a' * 8_180}" for n in range(5))),
        fields("\r\n".join(["X: y"] * 101)),
        chunks("0\r\nX: " + "y" * 4_096 + "\r\n\r\n"),
    ],
    414: [line("GET /" + "a" * 8_192 + " HTTP/1.1"), b"A" * 9_000],
    417: [fields("Expect: 200-ok"), fields("Expect: 100-continue, x")],
    501: [
        fields("Transfer-Encoding: gzip"),
        fields("Transfer-Encoding: cow"),
        line("BREW / HTTP/1.1"),
        line("get / HTTP/1.1"),
    ],
    505: [line("GET / HTTP/0.9"), line("GET / HTTP/1.2"), line("GET / HTTP/2.0"), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    405: [line("CONNECT a:443 HTTP/1.1"), line("TRACE / HTTP/1.1")],
}


def refused() -> list[tuple[int, bytes]]:
    """All of them, each with the status it gets."""
    body = "0\r\n\r\n"
    bad = [fields(f"Content-Length: {length}", "hello") for length in LENGTHS]
    bad += [fields(f"Transfer-Encoding: {coding}", body) for coding in CODINGS] + [
        fields(name, "hello") for name in NAMES
    ]
    bad += [chunks(body) for body in CHUNKS] + [host(text) for text in HOSTS] + [line(text) for text in LINES]
    bad += [(start + POISON).encode() for start in STARTS]
    return [(400, case) for case in bad] + [(status, case) for status, cases in LIMITS.items() for case in cases]
