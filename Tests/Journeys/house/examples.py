"""The requests that a served OpenAPI document has prefilled, as Swagger UI sends them."""

import hashlib
import re
from dataclasses import dataclass, field

import httpx

from .people import Client

# DemoRecord.placeholder of Shared/API: an id that names nothing.
PLACEHOLDER = re.compile(r"0190a5e4-[0-9a-f]{4}-700[0-9a-f]-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Operation:
    name: str
    method: str
    path: str
    tag: str
    statuses: set[int]
    is_open: bool
    roles: set[str]
    parameters: list[dict]
    body: dict | None
    media: str = field(default="application/json")
    is_stream: bool = False

    @classmethod
    def read(cls, method: str, path: str, said: dict) -> "Operation":
        content = said.get("requestBody", {}).get("content", {})
        media = next(iter(content), "application/json")
        roles = re.match(r"For (.*)\.", said.get("description", ""))
        return cls(
            said["operationId"],
            method.upper(),
            path,
            said["tags"][0],
            {int(status) for status in said["responses"] if int(status) < 300},
            said["security"] == [{}],
            set(roles[1].split(", ")) if roles else set(),
            [one for one in said.get("parameters", []) if "name" in one],
            content.get(media, {}).get("example"),
            media,
            "text/event-stream" in said["responses"].get("200", {}).get("content", {}),
        )

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def trace(self) -> str:
        """The id of the trace that its requests are sent under: events are recorded with it."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:32]

    def send(self, client: Client, by_hand: dict) -> httpx.Response:
        """`by_hand`: the few values that no document can hold, by the name of the field or parameter."""
        path, query = self.path, {}
        headers = {"traceparent": f"00-{self.trace}-00f067aa0ba902b7-01"}
        for parameter in self.parameters:
            value = by_hand.get(parameter["name"], parameter.get("example"))
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", str(value))
            elif value is not None and parameter["in"] == "query":
                query[parameter["name"]] = value
        body = self.body and {name: by_hand.get(name, value) for name, value in self.body.items()}
        if self.media == "multipart/form-data":
            fields = {name: value for name, value in body.items() if name != "file"}
            file = ("example.pdf", body["file"].encode(), "application/pdf")
            return client.request(self.method, path, params=query, data=fields, files={"file": file}, headers=headers)
        if self.is_stream:  # which has no end: its head is what there is to see
            with client.stream(self.method, path, params=query) as answer:
                if answer.is_error:
                    answer.read()
                return answer
        headers |= {name: value for name, value in by_hand.items() if name == "If-Match"}
        return client.request(self.method, path, params=query, json=body, headers=headers)

    @property
    def placeholders(self) -> set[str]:
        """The names of fields and parameters that show an id of nothing."""
        shown = {one["name"]: one.get("example") for one in self.parameters if one.get("required")} | (self.body or {})
        missing = {name for name, value in shown.items() if value is None and name not in (self.body or {})}
        return missing | {name for name, value in shown.items() if PLACEHOLDER.search(str(value))}


def operations(document: dict) -> list[Operation]:
    return [
        Operation.read(method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
