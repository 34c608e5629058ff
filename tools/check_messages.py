"""Fails when a text of the source is missing in a language, not translated, doubtful, or lost a placeholder.

The texts are gathered anew into a folder of their own, so a forgotten `make messages` shows too.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("sv", "nb", "da")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")


def gathered(language: str) -> dict[tuple[str, str], polib.POEntry]:
    """All texts of the source, by context and text."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "samkraft"
        shutil.copytree(ROOT / "src" / "samkraft", copy, ignore=shutil.ignore_patterns("vendor", "*.mo", "__pycache__"))
        command = [sys.executable, str(ROOT / "manage.py"), "makemessages", "--locale", language]
        command += ["--no-location", "--no-obsolete", "--no-wrap", "--verbosity", "0"]
        subprocess.run(command, cwd=copy, check=True)
        file = polib.pofile(str(copy / "locale" / language / "LC_MESSAGES" / "django.po"))
    return {(entry.msgctxt or "", entry.msgid): entry for entry in file}


def faults(language: str, entry: polib.POEntry) -> list[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(texts):
        return ["is not translated"]
    found = ["is marked as doubtful (fuzzy)"] if entry.fuzzy else []
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    if any(not wanted >= set(PLACEHOLDER.findall(text)) for text in texts):
        found.append("has a placeholder that the source lacks")
    if not entry.msgid_plural and wanted - set(PLACEHOLDER.findall(entry.msgstr)):
        found.append("lost a placeholder")
    return found


def main() -> int:
    wrong = 0
    for language in LANGUAGES:
        for entry in gathered(language).values():
            for fault in faults(language, entry):
                wrong += 1
                print(f"{language}: “{entry.msgid[:70]}” {fault}")
    print(f"{wrong} texts to mend" if wrong else "Every text is translated.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
