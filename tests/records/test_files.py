"""Keeping files: pictures made anew, documents that are what they say, and who may read them."""

import io
import struct
import subprocess
import sys
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageOps

from samkraft.records import files
from samkraft.records.file_fields import DocumentField, PictureField
from samkraft.records.files import (
    Purpose,
    address_of,
    forget_unused_files,
    path_of,
    register_purpose,
    remove_file,
    store_document,
    store_picture,
    widths,
)
from samkraft.records.models import StoredFile
from samkraft.records.refusals import Refused

from .. import factories, factories_networks
from ..factories import NOW
from . import uploads

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def readers():
    """Who may read what these tests keep: change the answer, and it counts at once."""
    answer = {"all": True}
    register_purpose(Purpose("tests.file", may_read=lambda user, file: answer["all"] or user == file.by))
    yield answer
    files._purposes.pop("tests.file")


NO_PICTURE = "This is not a picture that can be shown. Use a JPEG, PNG, WebP or GIF file."


def keep(upload, store=store_picture, **fields):
    return store(upload=upload, **{"purpose": "tests.file", "by": factories.user(), "now": NOW, **fields})


def refusal(upload, store=store_picture):
    with pytest.raises(Refused) as refused:
        keep(upload, store)
    assert StoredFile.objects.count() == 0
    return str(refused.value)


def stored_image(file, width=None):
    with default_storage.open(path_of(file, width=width)) as content:
        image = Image.open(content)
        image.load()
    return image


def lying_in_storage():
    root = Path(default_storage.location)
    return sorted(path.name for path in root.rglob("*") if path.is_file())


# Pictures


def test_picture_is_made_anew_in_each_width_that_it_fills():
    file = keep(uploads.picture(name="Höstmöte i Mariestad.JPEG", width=2000, height=1000))
    assert [(stored_image(file, width).size) for width in widths(file)] == [(480, 240), (960, 480), (1600, 800)]
    assert (file.width, file.height, file.content_type) == (1600, 800, "image/jpeg")
    assert (file.kind, file.name, file.purpose, file.stored_at) == (
        "picture",
        "Höstmöte i Mariestad.jpg",
        "tests.file",
        NOW,
    )
    assert file.size == default_storage.size(path_of(file))


@pytest.mark.parametrize(("width", "made"), [(100, [100]), (480, [480]), (700, [480, 700]), (1600, [480, 960, 1600])])
def test_picture_is_never_enlarged(width, made):
    assert widths(keep(uploads.picture(width=width, height=50))) == made


@pytest.mark.parametrize(
    ("kind", "mode", "made"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGB", "image/jpeg"),
        ("PNG", "RGBA", "image/webp"),
        ("PNG", "LA", "image/webp"),
        ("PNG", "1", "image/jpeg"),
        ("PNG", "P", "image/jpeg"),
        ("PNG", "I;16", "image/jpeg"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/webp"),
        ("GIF", "P", "image/jpeg"),
    ],
)
def test_picture_of_each_kind_is_taken(kind, mode, made):
    assert keep(uploads.picture(kind=kind, mode=mode)).content_type == made


def test_only_the_first_picture_of_an_animation_is_kept():
    content = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("white", "black")]
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:])
    image = stored_image(keep(uploads.upload(content.getvalue(), "moving.gif")))
    assert (getattr(image, "n_frames", 1), image.getpixel((20, 15))) == (1, (255, 255, 255))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_the_camera_tells_is_applied_and_removed(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Kamera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (58.0, 42.0, 0.0)
    sent = uploads.picture_bytes(width=64, height=32, exif=exif.tobytes(), comment=b"Eva Ek", quality=95)
    kept = stored_image(keep(uploads.upload(sent)))
    wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(sent)))
    corners = [(2, 2), (wanted.width - 3, 2), (2, wanted.height - 3), (wanted.width - 3, wanted.height - 3)]
    assert kept.size == wanted.size
    assert [kept.getpixel(at)[0] > 200 for at in corners] == [wanted.getpixel(at)[0] > 200 for at in corners]
    assert dict(kept.getexif()) == {}
    assert not {"exif", "comment", "xmp", "icc_profile", "photoshop"} & set(kept.info)


def test_nothing_that_was_sent_along_is_kept(tmp_path):
    hidden = b"<script>alert(1)</script>"
    file = keep(uploads.upload(uploads.picture_bytes(comment=hidden) + hidden))
    with default_storage.open(path_of(file)) as content:
        assert hidden not in content.read()


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><img src=x></html>",
        uploads.PDF,
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\x00" * 30,
        b"x",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        uploads.picture_bytes(kind="TIFF"),
        uploads.picture_bytes(kind="BMP"),
        uploads.picture_bytes(kind="ICO", width=16, height=16),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(content):
    assert refusal(uploads.upload(content, "picture.jpg")) == NO_PICTURE


def test_damaged_picture_is_refused():
    whole = uploads.picture_bytes(kind="PNG", width=300, height=300)
    assert refusal(uploads.upload(whole[: len(whole) // 2])) == "The picture is damaged. Save it anew and try again."


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_with_any_byte_changed_is_kept_or_refused(kind):
    whole = uploads.picture_bytes(kind=kind, width=24, height=24)
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        for value in (0, 255):
            try:
                keep(uploads.upload(whole[:at] + bytes([value]) + whole[at + 1 :]))
            except Refused:
                continue


def png(width, height, data=b""):
    """A PNG whose header says that size."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def webp(width, height, still=b"VP8X"):
    if still == b"VP8X":
        body = b"\x02\x00\x00\x00" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif still == b"VP8L":
        body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + b"\x00" * 5
    else:
        body = b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunk = still + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def gif(width, height):
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00;"
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + b"\x00\x00\x00\xff\xff\xff" + frame


BOMBS = {
    "png": png(40_000, 40_000, zlib.compress(b"\x00" * 50_000_000)),
    "png-just-over": png(7072, 7072),
    "gif": gif(60_000, 60_000),
    "webp": webp(16_383, 16_383),
    "webp-lossless": webp(16_383, 16_383, b"VP8L"),
    "webp-lossy": webp(16_383, 16_383, b"VP8 "),
    "jpeg": uploads.picture_bytes(width=16, height=16).replace(
        b"\xff\xc0\x00\x11\x08\x00\x10\x00\x10", b"\xff\xc0\x00\x11\x08\xff\xdc\xff\xdc"
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused_before_it_is_unpacked(name, tmp_path):
    """In a program of its own: within two seconds, and with at most 200 megabytes in all."""
    bomb = tmp_path / name
    bomb.write_bytes(BOMBS[name])
    program = f"""
import resource
resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
from samkraft.records import pictures
from samkraft.records.refusals import Refused
from django.conf import settings
settings.configure(USE_I18N=False)
import time
begun = time.perf_counter()
with open({str(bomb)!r}, "rb") as content:
    try:
        pictures.renditions(content, size={bomb.stat().st_size})
    except Refused as refused:
        print(refused)
assert time.perf_counter() - begun < 2
most = [line for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
assert int(most.split()[1]) < 200_000
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=False)
    assert (done.stderr, done.stdout) == (
        "",
        "The picture has more than 50 million pixels. Make it smaller and try again.\n",
    )


def test_picture_of_too_many_bytes_is_refused(settings):
    assert refusal(uploads.upload(uploads.picture_bytes() + b"\x00" * (20 * 1024 * 1024))) == (
        "The picture is larger than 20 megabytes. Make it smaller and try again."
    )


def test_file_of_a_purpose_that_nobody_registered_is_not_kept():
    with pytest.raises(LookupError):
        keep(uploads.picture(), purpose="tests.other")
    assert lying_in_storage() == []


# Documents


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", uploads.PDF, "application/pdf"),
        ("a.DOCX", uploads.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", uploads.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", uploads.ODT, "application/vnd.oasis.opendocument.text"),
        ("a.ods", uploads.ODS, "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.txt", "Vi lovar åäö".encode("cp1252"), "text/plain; charset=utf-8"),
        ("a.png", uploads.picture_bytes(kind="PNG"), "image/jpeg"),
        ("a.jpeg", uploads.picture_bytes(), "image/jpeg"),
    ],
)
def test_document_of_each_kind_is_kept(name, content, content_type):
    file = keep(uploads.upload(content, name), store_document)
    assert (file.kind, file.content_type) == ("document", content_type)
    assert default_storage.exists(path_of(file))


def test_text_is_kept_in_utf8():
    file = keep(uploads.upload("Vi lovar åäö".encode("cp1252"), "a.txt"), store_document)
    with default_storage.open(path_of(file)) as content:
        assert content.read().decode() == "Vi lovar åäö"


def test_scanned_document_is_made_anew_and_can_still_be_read():
    file = keep(uploads.picture(width=3000, height=4000, comment=b"Eva Ek"), store_document)
    assert (file.width, file.height) == (2400, 3200)
    with default_storage.open(path_of(file)) as content:
        assert b"Eva Ek" not in content.read()


NOT_TAKEN = "Documents of this kind are not taken. Use PDF, Word, Excel, OpenDocument, text, PNG or JPEG."
WITH_MACROS = uploads.package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
NOT_WHAT_IT_SAYS = "The document is not what its name says, or it is damaged. Save it anew and try again."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.exe", b"MZ", NOT_TAKEN),
        ("a.html", b"<script>alert(1)</script>", NOT_TAKEN),
        ("a.svg", b"<svg/>", NOT_TAKEN),
        ("a.docm", uploads.DOCX, NOT_TAKEN),
        ("a", uploads.PDF, NOT_TAKEN),
        ("a.pdf", b"<script>alert(1)</script>", NOT_WHAT_IT_SAYS),
        ("a.pdf", uploads.picture_bytes(), NOT_WHAT_IT_SAYS),
        ("a.docx", uploads.XLSX, NOT_WHAT_IT_SAYS),
        (
            "a.docx",
            uploads.package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            NOT_WHAT_IT_SAYS,
        ),
        ("a.docx", b"PK\x03\x04 broken", NOT_WHAT_IT_SAYS),
        ("a.xlsx", uploads.package("x.txt"), NOT_WHAT_IT_SAYS),
        ("a.odt", uploads.ODS, NOT_WHAT_IT_SAYS),
        ("a.txt", b"\x00\x01\x02", NOT_WHAT_IT_SAYS),
        ("a.txt", uploads.PDF, NOT_WHAT_IT_SAYS),
        ("a.png", b"<svg onload=alert(1)>", NOT_WHAT_IT_SAYS),
        (
            "a.jpg",
            b"\xff\xd8\xff broken",
            "This is not a picture that can be shown. Use a JPEG, PNG, WebP or GIF file.",
        ),
        ("a.pdf", b"", "The document is empty."),
    ],
)
def test_document_that_is_not_what_it_says_is_refused(name, content, sentence):
    assert refusal(uploads.upload(content, name), store_document) == sentence


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\docs\\Löfte.pdf", "Löfte.pdf"),
        ('a"b\r\nc.pdf', "a_b c.pdf"),
        ("....pdf", "files.pdf"),
        (f"{'x' * 200}.pdf", f"{'x' * 140}.pdf"),
        ("avtal.v2.pdf", "avtal.v2.pdf"),
    ],
)
def test_name_is_made_harmless(sent, kept):
    upload = uploads.upload(uploads.PDF, "a.pdf")
    upload._name = sent
    assert keep(upload, store_document).name == kept


# Reading


def test_picture_is_given_out_in_its_widths():
    file = keep(uploads.picture(width=1000, height=500))
    answers = [Client().get(address_of(file, width=width)) for width in (480, 960, 1000)]
    assert [(answer.status_code, answer["Content-Type"]) for answer in answers] == [(200, "image/jpeg")] * 3
    assert [Image.open(io.BytesIO(answer.content)).width for answer in answers] == [480, 960, 1000]
    assert not answers[0].has_header("Set-Cookie")
    assert Client().get(f"/files/{file.token}/500").status_code == 404
    assert Client().get(f"/files/{file.token}/picture.jpg").status_code == 404
    assert Client().get(f"/files/{'0' * 32}/480").status_code == 404


def test_picture_is_asked_for_each_time_and_gone_at_once(readers):
    file = keep(uploads.picture())
    first = Client().get(address_of(file))
    assert (first["Cache-Control"], first["ETag"]) == ("private, no-cache", f'"{file.sha256[:32]}-600"')
    again = Client().get(address_of(file), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    readers["all"] = False
    gone = Client().get(address_of(file), headers={"If-None-Match": first["ETag"]})
    assert gone.status_code == 404


def test_each_reader_is_asked_about(readers, cast):
    readers["all"] = False
    file = keep(uploads.upload(uploads.PDF, "a.pdf"), store_document, by=cast.owner)
    assert cast.statuses(address_of(file)) == {
        "owner": 200,
        "member": 404,
        "outsider": 404,
        "steward": 404,
        "visitor": 404,
    }


def test_file_whose_purpose_is_gone_has_no_readers():
    file = keep(uploads.picture())
    StoredFile.objects.update(purpose="tests.gone")
    assert Client().get(address_of(file)).status_code == 404


def test_document_is_saved_and_not_shown():
    file = keep(uploads.upload(b"<script>alert(1)</script>", "löfte.txt"), store_document)
    answer = Client().get(address_of(file))
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''l%C3%B6fte.txt"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert Client().get(f"/files/{file.token}/other.txt").status_code == 404
    assert Client().post(address_of(file)).status_code == 405


def test_file_missing_in_the_storage_is_not_found():
    file = keep(uploads.picture())
    default_storage.delete(path_of(file))
    assert Client().get(address_of(file)).status_code == 404


def test_picture_tag_offers_all_widths():
    file = keep(uploads.picture(width=1000, height=500))
    html = Template("{% load files %}{% picture file alt=alt %}|{% file_url file %}").render(
        Context({"file": file, "alt": 'Two "bikes"'})
    )
    start = f"/files/{file.token}"
    assert html == (
        f'<img src="{start}/960" srcset="{start}/480 480w, {start}/960 960w, {start}/1000 1000w" '
        f'sizes="(min-width: 48rem) 44rem, 100vw" width="1000" height="500" alt="Two &quot;bikes&quot;" '
        f'loading="lazy" decoding="async">\n|{start}/1000'
    )


# Forms


class UploadForm(forms.Form):
    picture = PictureField(required=False)
    document = DocumentField(required=False)


def test_fields_clean_to_the_upload_and_refuse_with_one_sentence():
    form = UploadForm({}, {"picture": uploads.picture(), "document": uploads.upload(uploads.PDF, "a.pdf")})
    assert form.is_valid()
    assert keep(form.cleaned_data["picture"]).width == 600
    assert keep(form.cleaned_data["document"], store_document).name == "a.pdf"
    wrong = UploadForm({}, {"picture": uploads.upload(b"<svg/>"), "document": uploads.upload(b"", "a.pdf")})
    assert wrong.errors == {
        "picture": [NO_PICTURE],
        "document": ["The file is empty."],
    }
    assert UploadForm({}, {}).is_valid()


def test_form_with_a_file_says_so():
    page = Template("{% include 'ui/_form.html' %}").render(Context({"form": UploadForm()}))
    assert 'accept="image/jpeg,image/png,image/webp,image/gif"' in page
    assert 'accept=".pdf,.docx,.odt,.xlsx,.ods,.txt,.png,.jpg,.jpeg"' in page


# Removing


def test_removed_file_leaves_nothing(django_capture_on_commit_callbacks):
    file = keep(uploads.picture())
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(file=file)
        assert lying_in_storage() == ["480.jpg", "600.jpg"]
    assert (StoredFile.objects.count(), lying_in_storage()) == (0, [])


def test_file_whose_row_cannot_be_written_leaves_nothing():
    with pytest.raises(ValueError, match="must be a"):
        keep(uploads.picture(), by="nobody")
    with pytest.raises(IntegrityError):
        keep(uploads.picture(), now=None)
    assert lying_in_storage() == []


def test_unused_files_are_forgotten_after_a_day(django_capture_on_commit_callbacks):
    keep(uploads.picture())
    fresh = keep(uploads.picture(), now=NOW + timedelta(hours=20))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_unused_files(now=NOW + timedelta(hours=25)) == 1
    assert list(StoredFile.objects.all()) == [fresh]
    assert lying_in_storage() == ["480.jpg", "600.jpg"]


def test_file_that_something_refers_to_is_kept():
    file = keep(uploads.picture())
    factories_networks.actor(logo=file)
    assert forget_unused_files(now=NOW + timedelta(days=30)) == 0
    assert list(StoredFile.objects.all()) == [file]


def test_what_an_undone_transaction_left_is_cleared_away():
    with transaction.atomic():
        keep(uploads.picture())
        transaction.set_rollback(True)
    assert lying_in_storage() == ["480.jpg", "600.jpg"]
    kept = factories_networks.actor(logo=keep(uploads.upload(uploads.picture_bytes(width=300)))).logo
    # What lies there now may belong to a transaction that has not ended.
    assert forget_unused_files(now=timezone.now()) == 0
    assert forget_unused_files(now=timezone.now() + timedelta(days=2)) == 1
    assert (list(StoredFile.objects.all()), lying_in_storage()) == ([kept], ["300.jpg"])
