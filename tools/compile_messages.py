"""Compiles every .po file beside itself, without the gettext programs."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "src" / "samkraft" / "locale"

for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
    polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
