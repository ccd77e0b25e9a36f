"""Discord's own description of its API, as the judge of what the sandbox accepted and answered.

It lies beside the repository, or where MSFAQ_OPENAPI says; without it nothing is judged.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012, SchemaRegistry

from bot.sandbox.rest.journal import Exchange
from bot.sandbox.shapes import Json

Node: TypeAlias = Mapping[str, object]

_BESIDE: Final = Path(__file__).parents[3] / "shared" / "discord" / "openapi.json"
_REFUSED: Final = 400
_VARYING: Final = re.compile(r"\d{15,}|\d{4}-\d\d-\d\dT[\d:.]+")
"""Ids and times: bodies that differ in nothing else are judged once, since a card takes long."""
_sound: set[tuple[tuple[str, ...], str]] = set()


def where() -> Path:
    """Return where the description should be."""
    return Path(os.environ.get("MSFAQ_OPENAPI", _BESIDE))


def is_there() -> bool:
    """Say whether there is anything to judge by."""
    return where().is_file()


def complaints(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """Yield what is wrong with accepted requests and with what they were answered."""
    for exchange in exchanges:
        operation = _operation(exchange)
        if operation is None or not 0 < exchange.status < _REFUSED:
            continue
        sides = (
            ("sent", exchange.body, (*operation, "requestBody")),
            ("answered", exchange.answer, (*operation, "responses", str(exchange.status))),
        )
        for side, value, pointer in sides:
            body = (*pointer, "content", "application/json", "schema")
            problem = None if value is None else _problem(cast("Json", value), body)
            if problem:
                yield f"{exchange.method} {exchange.path} {side}: {problem}"


def expect_valid(exchanges: Iterable[Exchange]) -> None:
    """Fail if the sandbox accepted or answered what Discord's description does not allow."""
    found = list(complaints(exchanges)) if is_there() else []
    assert not found, "\n".join(found)


def is_described(exchange: Exchange) -> bool:
    """Say whether the description knows the address."""
    return _operation(exchange) is not None


def _problem(value: Json, pointer: tuple[str, ...]) -> str | None:
    validator = _validator(pointer)
    kind = (pointer, _VARYING.sub("0", json.dumps(value)))
    if validator is None or kind in _sound:
        return None
    error = next(iter(_errors(validator, value)), None)
    while error and error.context:
        error = _meant(error.context)
    if error is None:
        _sound.add(kind)
    return f"{error.json_path}: {error.message[:300]}" if error else None


def _depth(error: ValidationError) -> int:
    return len(error.absolute_path)


def _meant(errors: Sequence[ValidationError]) -> ValidationError:
    """Return what is wrong with that shape of a union whose `type` fits, or with the first."""
    misfits = {error.schema_path[0] for error in errors if [*error.relative_path] == ["type"]}
    fitting = [error for error in errors if error.schema_path[0] not in misfits]
    return max(fitting or errors, key=_depth)


def _errors(validator: Draft202012Validator, value: Json) -> Iterator[ValidationError]:
    # The stubs of jsonschema know a narrower JSON than ours, and leave its registry untyped.
    return validator.iter_errors(value)  # pyright: ignore[reportUnknownMemberType, reportArgumentType]


@cache
def _description() -> Node:
    found = cast("dict[str, dict[str, dict[str, object]]]", json.loads(where().read_text()))
    schemas = found["components"]["schemas"]
    # Clients send ids as numbers too, and Discord takes them; its description says text only.
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer"}]}
    # Forwarded messages are in Discord's documentation (type 1), and not in its description.
    schemas["MessageReferenceType"] = {"enum": [0, 1]}
    return found


@cache
def _registry() -> SchemaRegistry:
    registry: SchemaRegistry = Registry()
    return registry.with_resource("urn:discord", DRAFT202012.create_resource(dict(_description())))


def _inside(node: object, step: str) -> object:
    return cast("Node", node).get(step) if isinstance(node, dict) else None


@cache
def _validator(pointer: tuple[str, ...]) -> Draft202012Validator | None:
    node: object = _description()
    for step in pointer:
        node = _inside(node, step)
    if node is None:
        return None
    escaped = "/".join(step.replace("~", "~0").replace("/", "~1") for step in pointer)
    return Draft202012Validator({"$ref": f"urn:discord#/{escaped}"}, registry=_registry())


@cache
def _paths() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the addresses, those with the fewest variable parts first."""
    paths = cast("Node", _description()["paths"])
    ordered = sorted(paths, key=lambda path: path.count("{"))
    return tuple((re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in ordered)


def _operation(exchange: Exchange) -> tuple[str, str, str] | None:
    for pattern, path in _paths():
        method = exchange.method.lower()
        if pattern.fullmatch(exchange.path) and _validator(("paths", path, method)):
            return ("paths", path, method)
    return None
