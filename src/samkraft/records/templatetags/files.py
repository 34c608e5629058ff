"""Stored files in templates: pictures in the width that the screen needs, addresses of documents."""

from typing import Any

from django import template

from samkraft.records import files
from samkraft.records.models import StoredFile

register = template.Library()

# As wide as a text column, or the screen where that is narrower.
SIZES = "(min-width: 48rem) 44rem, 100vw"


@register.inclusion_tag("records/_picture.html")
def picture(file: StoredFile, *, alt: str, sizes: str = SIZES, lazy: bool = True) -> dict[str, Any]:
    """A stored picture. `alt` says what it shows; "" where the words beside it say so already."""
    widths = files.widths(file)
    # A browser without srcset gets a picture that is large enough for a column.
    middle = next((width for width in widths if width >= 960), widths[-1])
    return {
        "src": files.address_of(file, width=middle),
        "srcset": ", ".join(f"{files.address_of(file, width=width)} {width}w" for width in widths),
        "sizes": sizes,
        "width": file.width,
        "height": file.height,
        "alt": alt,
        "lazy": lazy,
    }


@register.simple_tag
def file_url(file: StoredFile) -> str:
    """Where a stored file is read; a picture in its widest form."""
    return files.address_of(file)
