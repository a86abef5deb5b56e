"""Clients that other people's generators make from the published OpenAPI document."""

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from . import TOP

BIN = TOP / "var/venv/bin"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def body_name(operation: str) -> str:
    return operation[0].upper() + operation[1:] + "Body"


def run(*command) -> None:
    path = f"{BIN}:{os.environ['PATH']}"  # of the formatter that a generator calls
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=120, env=os.environ | {"PATH": path}
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    assert "WARNING" not in done.stdout, done.stdout[:6000]


class Document:
    """The document as a file, and the tag of each operation."""

    def __init__(self, url: str, text: str, folder: Path):
        self.url, self.folder, self.file = url, folder, folder / "openapi.json"
        self.file.write_text(text)
        paths = json.loads(text)["paths"].values()
        self.tags = {
            one["operationId"]: snake(one["tags"][0]).replace(" ", "_") for path in paths for one in path.values()
        }


class OpenAPIGenerator:
    """openapi-generator, `-g python`."""

    def __init__(self, document: Document):
        self.document = document
        run(
            BIN / "openapi-generator-cli", "generate", "-g", "python", "-i", document.file,
            "-o", document.folder / "openapi_generator", "--package-name", "praxis_openapi_generator",
        )  # fmt: skip
        sys.path.insert(0, str(document.folder / "openapi_generator"))
        self.package = importlib.import_module("praxis_openapi_generator")

    def call(self, operation: str, body: dict | None = None, token: str | None = None, **parameters) -> dict:
        configuration = self.package.Configuration(host=self.document.url, access_token=token)
        tag = self.document.tags[operation]
        name = "".join(part.capitalize() for part in tag.split("_")) + "Api"
        if body is not None:
            model = getattr(self.package, body_name(operation)).from_dict(body)
            parameters[snake(body_name(operation))] = model
        with self.package.ApiClient(configuration) as client:
            said = getattr(getattr(self.package, name)(client), snake(operation))(**parameters)
            return json.loads(said.to_json())


class OpenAPIPythonClient:
    """openapi-python-client."""

    NAME = "praxis_openapi_python_client"

    def __init__(self, document: Document):
        self.document = document
        run(
            BIN / "openapi-python-client", "generate", "--path", document.file, "--meta", "none", "--fail-on-warning",
            "--output-path", document.folder / self.NAME,
        )  # fmt: skip
        sys.path.insert(0, str(document.folder))
        self.package = importlib.import_module(self.NAME)

    def call(self, operation: str, body: dict | None = None, token: str | None = None, **parameters) -> dict:
        options = {"base_url": self.document.url, "raise_on_unexpected_status": True}
        client = self.package.AuthenticatedClient(token=token, **options) if token else self.package.Client(**options)
        module = importlib.import_module(f"{self.NAME}.api.{self.document.tags[operation]}.{snake(operation)}")
        if body is not None:
            models = importlib.import_module(f"{self.NAME}.models")
            parameters["body"] = getattr(models, body_name(operation)).from_dict(body)
        return module.sync(client=client, **parameters).to_dict()
