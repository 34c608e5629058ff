"""How sign-in (allauth) meets the rest of the house: mails go through the outbox, secrets are encrypted."""

import base64
from datetime import timedelta
from io import BytesIO
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.records.addresses import client_address

from .models import User

CODE_USEFUL = timedelta(minutes=15)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This is not the right code. Look at the latest e-mail from us."),
        "incorrect_password": _("This is not the right password."),
        "too_many_login_attempts": _("There have been too many attempts. Wait a few minutes and try again."),
        "rate_limited": _("That was a bit too fast. Wait a moment and try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail to the outbox, in the language of the account, or of the page when there is none."""
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        language = user.language if user else get_language() or settings.LANGUAGE_CODE
        known = {name: value for name, value in context.items() if name != "request"}
        known |= {"email": email, "site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
        now = timezone.now()
        tell(
            to=user or email,
            language=language,
            kind="people.code" if "code" in context else "people.account",
            subject=from_template(f"{template_prefix}_subject.txt", known),
            text=from_template(f"{template_prefix}_message.txt", known),
            now=now,
            useful_until=now + CODE_USEFUL if "code" in context else None,
        )

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_safe_url(self, url: str) -> bool:
        """After signing in, a reader is led on within this site only."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages are pages, whatever a program says that it accepts."""
        return False


def _fernet() -> MultiFernet:
    """Keys made from SECRET_KEY and its fallbacks: the first encrypts, each of them decrypts."""
    keys = []
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"samkraft.people.second_factor")
        keys.append(Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode()))))
    return MultiFernet(keys)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the right code. Look at the app again: codes change every half minute."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises cryptography's InvalidToken when no present key has made it."""
        return _fernet().decrypt(encrypted_text.encode("ascii")).decode()

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an SVG element to stand in the page itself, on a white ground for dark screens."""
        buffer = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(buffer)
        return buffer.getvalue().decode().partition("?>")[2].strip()
