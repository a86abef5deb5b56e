"""Many requests at the same moment: all are sent but for their last byte, then all last bytes."""

import asyncio
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from .people import Person


@dataclass
class Post:
    url: str
    path: str
    body: dict
    person: Person

    @property
    def bytes(self) -> bytes:
        body = json.dumps(self.body).encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {urlsplit(self.url).netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: {self.person.headers['Authorization']}\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + body


@dataclass
class Answered:
    status: int
    json: dict
    seconds: float


class Answers(list[Answered]):
    def having(self, status: int) -> list[dict]:
        return [one.json for one in self if one.status == status]

    @property
    def p95(self) -> float:
        return sorted(one.seconds for one in self)[int(len(self) * 0.95)]


def burst(posts: list[Post], seconds: float = 60) -> Answers:
    return asyncio.run(asyncio.wait_for(together(posts), seconds))


async def together(posts: list[Post]) -> Answers:
    # From eight addresses of this machine: a gateway takes 100 connections of one.
    opened = await asyncio.gather(*(opening(post, f"127.0.0.{2 + n % 8}") for n, post in enumerate(posts)))
    begun = time.monotonic()
    return Answers(await asyncio.gather(*(finishing(*one, begun) for one in opened)))


async def opening(post: Post, source: str):
    address = urlsplit(post.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, local_addr=(source, 0))
    data = post.bytes
    writer.write(data[:-1])
    await writer.drain()
    return reader, writer, data[-1:]


async def finishing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, last: bytes, begun: float) -> Answered:
    writer.write(last)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    seconds = time.monotonic() - begun
    writer.close()
    return Answered(int(head.split(b" ", 2)[1]), json.loads(body), seconds)
