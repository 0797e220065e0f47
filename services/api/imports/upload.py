"""The multipart form of an upload: checked field by field, and its file read in pieces.

The form's parser keeps at most a megabyte of a file in memory and the rest on disk.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Any, Final, cast

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from services.api.imports.commands import ReceivedFile
from services.api.imports.domain.entities import ENTITIES
from services.api.imports.domain.headers import Entity
from services.api.imports.mapping import parse_mapping
from services.api.wire import parse_json, refuse_nul
from shared.domain import limits
from shared.errors import Fault, InvalidInput, PortefeuilleError

PIECE: Final = 1 << 20
FIELDS: Final = {"file", "entity", "mapping", "dry_run"}
BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False, "": False}
FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["file", "entity"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "CSV, TSV, XLSX, XLS or ODS"},
                        "entity": {"type": "string", "enum": list(ENTITIES)},
                        "mapping": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": "What the file does not say by itself; columns are recognised otherwise",
                            "examples": ['{"columns": {"amount": "Montant HT"}, "currency": "EUR"}'],
                        },
                        "dry_run": {"type": "boolean", "default": False, "description": "Count, but change nothing"},
                    },
                }
            }
        },
    }
}


async def read_form(request: Request) -> FormData:
    """Raises PortefeuilleError for another kind of body; a form that breaks off is answered with 400."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise PortefeuilleError("Send the file as multipart/form-data.", code="unsupported_media_type")
    return await request.form(max_files=4, max_fields=20)


def received(form: FormData, language: str) -> ReceivedFile:
    """Raises InvalidInput with every fault, each with its place in the form or in the mapping."""
    faults = [Fault(f"#/{name}", "unknown_field", "No such field.") for name in form.keys() - FIELDS]
    faults += [Fault(f"#/{name}", "bad_value", "Send it once.") for name in FIELDS if len(form.getlist(name)) > 1]
    file, entity = form.get("file"), form.get("entity")
    if not isinstance(file, UploadFile):
        faults.append(Fault("#/file", "required", "Send a file."))
    elif not file.size:
        faults.append(Fault("#/file", "empty_file", "The file is empty."))
    if entity is None:
        faults.append(Fault("#/entity", "required", f"One of {', '.join(ENTITIES)}."))
    elif entity not in ENTITIES:
        faults.append(Fault("#/entity", "bad_value", f"One of {', '.join(ENTITIES)}."))
    dry_run = BOOLEANS.get(_text(form, "dry_run").lower())
    if dry_run is None:
        faults.append(Fault("#/dry_run", "bad_value", "true or false."))
    mapping = _mapping(_text(form, "mapping"), entity if entity in ENTITIES else None, language, faults)
    if faults:
        raise InvalidInput(*faults)
    upload = cast("UploadFile", file)
    return ReceivedFile(
        cast("Entity", entity), _name(upload), mapping, bool(dry_run), upload.size or 0, pieces_of(upload)
    )


async def pieces_of(file: UploadFile) -> AsyncIterator[bytes]:
    """The file from its beginning."""
    await file.seek(0)
    while piece := await file.read(PIECE):
        yield piece


async def fingerprint_of_form(request: Request, form: FormData) -> bytes:
    """What makes a request the same for its Idempotency-Key: fields and bytes of the file, not their packaging."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    for name in sorted(FIELDS - {"file"}):
        digest.update(f"{name}={_text(form, name)}\n".encode())
    file = form.get("file")
    if isinstance(file, UploadFile):
        digest.update(f"{file.filename}\n".encode())
        async for piece in pieces_of(file):
            digest.update(piece)
    return digest.digest()


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _name(file: UploadFile) -> str:
    """The last part of the name only: some programs send the whole path."""
    name = PurePath((file.filename or "").replace("\\", "/").replace("\0", "")).name
    return name[-limits.NAME :]


def _mapping(given: str, entity: Any, language: str, faults: list[Fault]) -> dict[str, Any]:
    if not given:
        return {}
    try:
        refuse_nul(given.encode())
        document = parse_json(given.encode())
        if entity is not None:
            parse_mapping(document, entity=entity, language=language)
    except (json.JSONDecodeError, UnicodeEncodeError):
        faults.append(Fault("#/mapping", "invalid_json", "The mapping is not valid JSON."))
        return {}
    except InvalidInput as error:
        faults += [Fault(f"#/mapping{fault.pointer.removeprefix('#')}", fault.code, fault.detail)
                   for fault in error.faults]  # fmt: skip
        return {}
    return cast("dict[str, Any]", document)
