"""Running a story's own script in the site's environment."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .conftest import ROOT


def script(environment: dict[str, str], name: str, *arguments: str) -> dict[str, Any]:
    """What a script beside the stories printed, which is JSON."""
    command = [sys.executable, str(Path(__file__).with_name(name)), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
