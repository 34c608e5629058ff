"""Reading a file without being overrun by it: too large, cut off, or built to swell when unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from .errors import FormatError

MEGABYTE = 1_000_000
MAX_FILE = 50 * MEGABYTE
MAX_UNPACKED = 300 * MEGABYTE
MAX_RATIO = 100  # unpacked to packed, of a member above MAX_RATIO_FROM
MAX_RATIO_FROM = 10 * MEGABYTE
MAX_MEMBERS = 1_000
CHUNK = MEGABYTE

ZIP_START = b"PK\x03\x04"  # xlsx
OLE_START = b"\xd0\xcf\x11\xe0"  # xls

# A reader makes a full grid out to the furthest cell, and repeats a shared text in each cell that names it:
# a small file could ask for more memory than there is. No publisher's sheet is this long or wide.
_FAR_CELL = re.compile(rb"""<c\s[^<>]*?r\s*=\s*["'](?:[A-Za-z]{3,}\d+|[D-Zd-z][A-Za-z]\d+|[A-Za-z]+\d{6,})["']""")
# The reader gives an error value (#DIV/0!) as an empty cell, which would pass for a missing figure.
_ERROR_CELL = re.compile(rb"""<c\s(?=[^<>]*?\st\s*=\s*["']e["'])[^<>]*?r\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_FAR_ROW = re.compile(rb"""<row\s[^<>]*?r\s*=\s*["']\d{6,}["']""")


def read_bytes(path: Path, file: str) -> bytes:
    """The file's content; FormatError when it is missing, a folder, or over 50 MB (seen before reading)."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FormatError("expected a file", file=file)
        if size > MAX_FILE:
            raise FormatError(
                f"the file is {size / MEGABYTE:.0f} MB, expected at most {MAX_FILE // MEGABYTE} MB", file=file
            )
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise FormatError(f"the file cannot be read ({error.strerror})", file=file) from error
    if len(content) > MAX_FILE:
        raise FormatError(f"expected at most {MAX_FILE // MEGABYTE} MB", file=file)
    if not content:
        raise FormatError("the file is empty", file=file)
    return content


def read_text(path: Path, file: str) -> str:
    """The file as UTF-8 text, with or without a byte order mark."""
    content = read_bytes(path, file)
    if content.startswith((ZIP_START, OLE_START)):
        raise FormatError("expected a text file, found an Excel file or an archive", file=file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"expected text in UTF-8, found byte {error.object[error.start]:#04x} after {error.start} bytes",
            file=file,
        ) from error
    if "\0" in text:
        raise FormatError("expected text, found a zero byte", file=file)
    return text


def check_xlsx(content: bytes, file: str) -> None:
    """Unpack every member once, counting: FormatError for a damaged archive, one built to swell, or error values.

    A sheet is named by its part of the archive (sheet1, sheet2 …) here, before the workbook is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive.infolist(), file)
            sheets = texts = 0
            for member in archive.infolist():
                unpacked = _unpack(archive, member)
                if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                    _check_cells(unpacked, file, member.filename.rpartition("/")[2].removesuffix(".xml"))
                    sheets += unpacked.count(b't="s"') + unpacked.count(b"t='s'")
                elif member.filename == "xl/sharedStrings.xml":
                    texts = max(map(len, unpacked.split(b"</si>")))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise FormatError("expected a complete Excel file (.xlsx), found a damaged one", file=file) from error
    if sheets * texts > 4 * MAX_UNPACKED:
        raise FormatError("the texts in the sheets would fill more memory than a table needs", file=file)


def _check_sizes(members: list[zipfile.ZipInfo], file: str) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED:
        raise FormatError(
            f"unpacked the file would be {total / MEGABYTE:.0f} MB, expected at most {MAX_UNPACKED // MEGABYTE} MB",
            file=file,
        )
    for member in members:
        swells = member.file_size > MAX_RATIO * max(member.compress_size, 1)
        if member.file_size > MAX_RATIO_FROM and swells:
            raise FormatError(
                f"part “{member.filename}” would be more than {MAX_RATIO} times larger unpacked", file=file
            )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The member's content; zipfile stops at the size its directory states and then checks the checksum."""
    parts = []
    with archive.open(member) as stream:
        while part := stream.read(CHUNK):
            parts.append(part)
    return b"".join(parts)


def _check_cells(sheet: bytes, file: str, part: str) -> None:
    if _FAR_CELL.search(sheet) or _FAR_ROW.search(sheet):
        raise FormatError("expected at most 99,999 rows and 104 columns, found a cell further out", file=file)
    if found := _ERROR_CELL.search(sheet):
        column, row = (group.decode() for group in found.groups())
        raise FormatError(
            "expected a number or an empty cell, found an error value such as #DIV/0!",
            file=file,
            sheet=part,
            row=int(row),
            column=column.upper(),
        )
