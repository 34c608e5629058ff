"""Pictures made anew from what people upload: nothing of the original file is kept but what one sees.

The format is told by the content, and the size by the header, before anything is unpacked.
"""

import io
import struct
import threading
import zlib
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from .refusals import Refused

WIDTHS = (480, 960, 1600)
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/gif"

# What reading a damaged picture raises, by Pillow and by the formats' own readers.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError)
_DAMAGED = (*_BROKEN, struct.error, zlib.error)

# A picture just within the limits takes some hundred megabytes while it is unpacked, so they take turns.
_one_at_a_time = threading.Lock()
# Pillow's own limit warns and goes on; ours refuses, in `_open`, before a pixel is read.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Rendition:
    """One picture in one width."""

    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class Renditions:
    """A picture in all its widths, the widest last. `suffix` is that of a file's name, without the dot."""

    content_type: str
    suffix: str
    sizes: list[Rendition]


def check(upload: IO[bytes], *, size: int) -> None:
    """Whether an upload can be a picture, by its bytes and its header alone. Raises Refused."""
    _open(upload, size)
    upload.seek(0)


def renditions(upload: IO[bytes], *, size: int, widths: tuple[int, ...] = WIDTHS) -> Renditions:
    """The picture upright, without what the camera added, in the widths that are not wider than itself.

    JPEG where nothing shines through, which all who show shared links can read; else WebP. Raises Refused.
    """
    with _one_at_a_time, _open(upload, size) as opened:
        try:
            image = _upright(opened, most=max(widths))
        except _DAMAGED as error:
            raise Refused(_("The picture is damaged. Save it anew and try again.")) from error
    transparent = image.mode == "RGBA"
    made = []
    for width in sorted({wanted for wanted in widths if wanted < image.width} | {image.width}):
        smaller = image if width == image.width else _resized(image, width)
        content = io.BytesIO()
        if transparent:
            smaller.save(content, "WEBP", quality=82)
        else:
            smaller.save(content, "JPEG", quality=82, progressive=True, optimize=True)
        made.append(Rendition(smaller.width, smaller.height, content.getvalue()))
    return Renditions("image/webp" if transparent else "image/jpeg", "webp" if transparent else "jpg", made)


def _open(upload: IO[bytes], size: int) -> Image.Image:
    """The picture with its header read and nothing unpacked."""
    if size > MOST_BYTES:
        raise Refused(_("The picture is larger than 20 megabytes. Make it smaller and try again."))
    too_large = _("The picture has more than 50 million pixels. Make it smaller and try again.")
    upload.seek(0)
    # Pillow makes room for a WebP's whole canvas when it opens the file, so its size is read first.
    if _webp_pixels(upload.read(30)) > MOST_PIXELS:
        raise Refused(too_large)
    upload.seek(0)
    try:
        image = Image.open(upload, formats=FORMATS)
    except (*_DAMAGED, MemoryError) as error:
        raise Refused(_("This is not a picture that can be shown. Use a JPEG, PNG, WebP or GIF file.")) from error
    if image.width * image.height > MOST_PIXELS:
        raise Refused(too_large)
    return image


def _webp_pixels(head: bytes) -> int:
    """Width times height of a WebP by its first bytes; 0 for other files."""
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return 0
    if head[12:16] == b"VP8X":
        width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
    elif head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width * height


def _upright(opened: Image.Image, *, most: int) -> Image.Image:
    """The first frame in RGB or RGBA, turned as it is to be seen, at most so wide."""
    orientation = opened.getexif().get(0x0112, 1)
    lies = orientation in {5, 6, 7, 8}
    width = min(most, opened.height if lies else opened.width)
    factor = width / (opened.height if lies else opened.width)
    target = (max(1, round(opened.width * factor)), max(1, round(opened.height * factor)))
    # A JPEG can be unpacked at a half, a quarter or an eighth of its size.
    opened.draft("RGB", target)
    opened.load()
    image = _plain(opened)
    if image.size != target:
        image = image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = ImageOps.exif_transpose(_with_orientation(image, orientation))
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _plain(opened: Image.Image) -> Image.Image:
    """Pixels in RGB, or in RGBA where something shines through."""
    if opened.mode.startswith("I"):
        return opened.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info:
        image = opened if opened.mode == "RGBA" else opened.convert("RGBA")
        lowest, _highest = image.getchannel("A").getextrema()
        return image if lowest < 255 else image.convert("RGB")
    return opened if opened.mode == "RGB" else opened.convert("RGB")


def _with_orientation(image: Image.Image, orientation: int) -> Image.Image:
    exif = image.getexif()
    exif.clear()
    if orientation in range(2, 9):
        exif[0x0112] = orientation
    image.info.clear()
    return image


def _resized(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
