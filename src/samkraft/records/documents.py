"""Documents that people upload: what they are is told by their content, not by their name."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext_lazy as _

from . import pictures
from .refusals import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_PARTS = 5000
WIDEST_SCAN = 2400
ACCEPT = ".pdf,.docx,.odt,.xlsx,.ods,.txt,.png,.jpg,.jpeg"

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "odt": f"{_OPEN}text",
    "ods": f"{_OPEN}spreadsheet",
    "txt": "text/plain; charset=utf-8",
}
_MARKS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


@dataclass(frozen=True)
class Document:
    """A document to be kept. `suffix` is that of its name, without the dot; a picture has its size."""

    content_type: str
    suffix: str
    content: bytes
    width: int | None = None
    height: int | None = None


def read(upload: IO[bytes], *, name: str, size: int) -> Document:
    """The document, if it is of a kind that is taken and is what its name says. Raises Refused."""
    suffix = told_by(upload, name=name, size=size)
    upload.seek(0)
    if suffix in {"png", "jpg"}:
        made = pictures.renditions(upload, size=size, widths=(WIDEST_SCAN,))
        widest = made.sizes[-1]
        return Document(made.content_type, made.suffix, widest.content, widest.width, widest.height)
    content = upload.read()
    if suffix == "txt":
        content = _decoded(content).encode()
    return Document(TYPES[suffix], suffix, content)


def told_by(upload: IO[bytes], *, name: str, size: int) -> str:
    """The suffix of what the content is, the same as the name's. Raises Refused."""
    if size > MOST_BYTES:
        raise Refused(_("The document is larger than 20 megabytes. Make it smaller and try again."))
    if size == 0:
        raise Refused(_("The document is empty."))
    named = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    named = "jpg" if named == "jpeg" else named
    if named not in {*TYPES, "png", "jpg"}:
        raise Refused(_("Documents of this kind are not taken. Use PDF, Word, Excel, OpenDocument, text, PNG or JPEG."))
    upload.seek(0)
    if _kind(upload, named) != named:
        raise Refused(_("The document is not what its name says, or it is damaged. Save it anew and try again."))
    return named


def _kind(upload: IO[bytes], named: str) -> str | None:
    head = upload.read(1024)
    upload.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_package(upload)
    for mark, kind in _MARKS.items():
        if head.startswith(mark):
            return kind
    if named != "txt":
        return None
    try:
        _decoded(upload.read())
    except Refused:
        return None
    return "txt"


def _kind_of_package(upload: IO[bytes]) -> str | None:
    """What a zipped document is by the list of its parts, none of which is unpacked but the name of its type."""
    try:
        with zipfile.ZipFile(upload) as package:
            names = package.namelist()
            if len(names) > MOST_PARTS or any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            if "mimetype" in names:
                with package.open("mimetype") as part:
                    mimetype = part.read(100).decode("ascii", "replace").strip()
                return {TYPES["odt"]: "odt", TYPES["ods"]: "ods"}.get(mimetype)
            if "[Content_Types].xml" not in names:
                return None
            return next((kind for part, kind in _PARTS.items() if part in names), None)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, KeyError):
        return None


def _decoded(content: bytes) -> str:
    """Text in UTF-8 or, as older programs write it, Windows-1252. Raises Refused for what is not text."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="").read()
        except UnicodeDecodeError:
            continue
        if not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text):
            return text
    raise Refused(_("The document is not text."))
