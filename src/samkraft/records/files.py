"""Keeping files that people upload, and deciding who may read them.

A file lies in the storage under its token: `ab/abcd…/480.jpg`. It is written before its row, so that no row
is without its file; what a failed transaction leaves behind is cleared away by `forget_unused_files`.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from . import documents, pictures
from .models import FileKind, StoredFile

FOLDER = "files"
# A file may be stored before what it belongs to: a form that is filled in over a day still finds it.
UNUSED_KEPT = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Purpose:
    """What a file is for. `may_read(user, file)` is asked each time; the user may be anonymous."""

    key: str
    may_read: Callable[[Any, StoredFile], bool]


_purposes: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Called by the app that keeps such files, in its permissions.py."""
    _purposes[purpose.key] = purpose


def may_read(user: Any, file: StoredFile) -> bool:
    """Whether a reader may have the file, by the rule of its purpose; a purpose that is gone has no readers."""
    purpose = _purposes.get(file.purpose)
    return purpose is not None and bool(purpose.may_read(user, file))


def widths(file: StoredFile) -> list[int]:
    """The widths in which a picture is kept, the widest last."""
    if file.kind != FileKind.PICTURE or file.width is None:
        return []
    return sorted({width for width in pictures.WIDTHS if width < file.width} | {file.width})


def address_of(file: StoredFile, *, width: int | None = None) -> str:
    """Where the file is read: a picture in a width (the widest unless told), a document by its name."""
    part = str(width or file.width) if file.kind == FileKind.PICTURE else file.name
    return reverse("records:file", args=[file.token, part])


def path_of(file: StoredFile, *, width: int | None = None) -> str:
    """Where the file lies in the storage."""
    suffix = PurePosixPath(file.name).suffix
    part = f"{width or file.width}{suffix}" if file.kind == FileKind.PICTURE else f"document{suffix}"
    return f"{_folder(file.token)}/{part}"


def store_picture(*, upload: UploadedFile, purpose: str, by: Any, now: datetime) -> StoredFile:
    """Make the picture anew in its widths and keep it. Raises Refused."""
    made = pictures.renditions(upload, size=upload.size or 0)
    widest = made.sizes[-1]
    file = _new(FileKind.PICTURE, purpose, _name(upload.name, made.suffix), made.content_type, widest.content, by, now)
    file.width, file.height = widest.width, widest.height
    return _keep(file, {path_of(file, width=size.width): size.content for size in made.sizes})


def store_document(*, upload: UploadedFile, purpose: str, by: Any, now: datetime) -> StoredFile:
    """Keep a document, if it is what its name says; one that is a picture is made anew. Raises Refused."""
    document = documents.read(upload, name=upload.name or "", size=upload.size or 0)
    name = _name(upload.name, document.suffix)
    file = _new(FileKind.DOCUMENT, purpose, name, document.content_type, document.content, by, now)
    file.width, file.height = document.width, document.height
    return _keep(file, {path_of(file): document.content})


@transaction.atomic
def remove_file(*, file: StoredFile) -> None:
    """Delete the row, and what lies in the storage once that is certain."""
    token = file.token
    file.delete()
    transaction.on_commit(lambda: _clear(token))


def forget_unused_files(*, now: datetime) -> int:
    """Delete files to which nothing refers, and what lies in the storage without a row. Returns how many."""
    before = now - UNUSED_KEPT
    unused = StoredFile.objects.filter(stored_at__lt=before)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            unused = unused.exclude(Exists(rows))
    forgotten = 0
    for file in unused:
        remove_file(file=file)
        forgotten += 1
    return forgotten + _clear_leftovers(before)


def _new(
    kind: FileKind, purpose: str, name: str, content_type: str, content: bytes, by: Any, now: datetime
) -> StoredFile:
    if purpose not in _purposes:
        raise LookupError(f"No app has registered the purpose {purpose}.")
    return StoredFile(
        kind=kind,
        purpose=purpose,
        token=secrets.token_hex(16),
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        stored_at=now,
    )


def _keep(file: StoredFile, contents: dict[str, bytes]) -> StoredFile:
    try:
        for path, content in contents.items():
            default_storage.save(path, ContentFile(content))
        with transaction.atomic():
            file.save(force_insert=True)
    except BaseException:
        _clear(file.token)
        raise
    return file


def _name(name: str | None, suffix: str) -> str:
    """The name without folders and signs that programs trip over, with the suffix of what the file is."""
    stem = PurePosixPath((name or "").replace("\\", "/")).stem
    stem = re.sub(r"[^\w .,()+-]", "_", re.sub(r"\s+", " ", stem)).strip(" ._")
    return f"{stem[:140].strip() or FOLDER}.{suffix}"


def _folder(token: str) -> str:
    return f"{FOLDER}/{token[:2]}/{token}"


def _clear(token: str) -> None:
    folder = _folder(token)
    for name in _listed(folder)[1]:
        default_storage.delete(f"{folder}/{name}")
    # Storages of other kinds have no folders.
    default_storage.delete(folder)


def _clear_leftovers(before: datetime) -> int:
    """What an undone transaction left: folders older than that, without a row."""
    cleared = 0
    for start in _listed(FOLDER)[0]:
        tokens = {token for token in _listed(f"{FOLDER}/{start}")[0] if _TOKEN.fullmatch(token)}
        known = set(StoredFile.objects.filter(token__in=tokens).values_list("token", flat=True))
        for token in tokens - known:
            if _written_before(token, before):
                _clear(token)
                cleared += 1
    return cleared


def _written_before(token: str, before: datetime) -> bool:
    folder = _folder(token)
    return all(default_storage.get_modified_time(f"{folder}/{name}") < before for name in _listed(folder)[1])


def _listed(folder: str) -> tuple[Iterable[str], Iterable[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
