"""Form fields for uploads: each refuses, with one sentence, what cannot be kept."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from . import documents, pictures
from .refusals import Refused


class _Upload(forms.FileField):
    """A file whose header is looked at. What lies deeper is found when it is stored."""

    widget = forms.FileInput
    accept = ""
    default_error_messages = {
        "invalid": _("Choose a file."),
        "missing": _("Choose a file."),
        "empty": _("The file is empty."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 250)
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = self.accept

    def to_python(self, data: Any) -> UploadedFile | None:
        upload = super().to_python(data)
        if upload is not None:
            try:
                self.check_content(upload)
            except Refused as refused:
                raise forms.ValidationError(str(refused)) from refused
            upload.seek(0)
        return upload

    def check_content(self, upload: UploadedFile) -> None:
        """Raises Refused."""
        raise NotImplementedError


class PictureField(_Upload):
    """JPEG, PNG, WebP or GIF, at most 20 MB and 50 million pixels; cleans to the upload."""

    accept = pictures.ACCEPT

    def check_content(self, upload: UploadedFile) -> None:
        pictures.check(upload, size=upload.size or 0)


class DocumentField(_Upload):
    """PDF, Word, Excel, OpenDocument, text, PNG or JPEG, at most 20 MB; cleans to the upload."""

    accept = documents.ACCEPT

    def check_content(self, upload: UploadedFile) -> None:
        documents.told_by(upload, name=upload.name or "", size=upload.size or 0)
