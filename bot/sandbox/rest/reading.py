"""Reading a request: its JSON, and the files that came with it."""

import json
import re
from typing import Final

from aiohttp import web

from bot.sandbox import errors
from bot.sandbox.composing import Parcel
from bot.sandbox.message_payloads import ATTACHMENT_LIMIT
from bot.sandbox.messages import Upload

_FILE_FIELD: Final = re.compile(r"files\[(\d+)\]")
_MOST_FILES: Final = 10


async def read_parcel(request: web.Request) -> Parcel:
    """Return the body as JSON says it, with the files by their places."""
    if request.content_type.startswith("multipart/"):
        return await _read_form(request)
    text = await request.text()
    return Parcel(_json(text) if text else None, {})


async def _read_form(request: web.Request) -> Parcel:
    form = await request.post()
    files: dict[int, Upload] = {}
    body: object = None
    for name, value in form.items():
        place = _FILE_FIELD.fullmatch(name)
        if isinstance(value, web.FileField) and place:
            files[int(place[1])] = _upload(value)
        elif name == "payload_json":
            body = _json(_text(value))
    if len(files) > _MOST_FILES:
        raise errors.too_large()
    return Parcel({} if body is None else body, files)


def _upload(field: web.FileField) -> Upload:
    content = field.file.read()
    if len(content) > ATTACHMENT_LIMIT:
        raise errors.too_large()
    return Upload(field.filename, content, field.content_type)


def _text(value: str | bytes | bytearray | web.FileField) -> str:
    if isinstance(value, web.FileField):
        value = value.file.read()
    return value if isinstance(value, str) else value.decode()


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise errors.not_json() from None
