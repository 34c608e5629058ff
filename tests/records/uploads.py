"""Files as people send them: pictures of all kinds, documents that are what they say and some that are not."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture_bytes(width: int = 600, height: int = 400, kind: str = "JPEG", mode: str = "RGB", **save: Any) -> bytes:
    content = io.BytesIO()
    channels = len(Image.new(mode, (1, 1)).getbands())
    image = Image.new(mode, (width, height), 90 if channels == 1 else (30, 90, 60, 120)[:channels])
    # The upper left corner is white, so that a turned picture shows which way it was turned.
    image.paste(255 if channels == 1 else (255,) * channels, (0, 0, max(1, width // 4), max(1, height // 4)))
    image.save(content, kind, **save)
    return content.getvalue()


def upload(content: bytes, name: str = "picture.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(name: str = "picture.jpg", **form: Any) -> SimpleUploadedFile:
    return upload(picture_bytes(**form), name)


def package(*names: str, mimetype: str = "") -> bytes:
    """A zipped document with parts of those names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, "<x/>")
    return content.getvalue()


PDF = b"%PDF-1.7\n%%EOF\n"
DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")
ODT = package("content.xml", mimetype="application/vnd.oasis.opendocument.text")
ODS = package("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")
