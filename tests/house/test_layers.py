"""Imports go down the layers. The contracts stand in pyproject.toml; these tests see that they bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]


def _lint(folder: Path, sources: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        LINT,
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(sources), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package's code and of the contracts, in which a test may do wrong."""
    shutil.copytree(
        ROOT / "src",
        tmp_path / "src",
        ignore=lambda folder, names: [
            name for name in names if Path(folder, name).is_file() and not name.endswith(".py")
        ],
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _append(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text()}\n{line}\n")


def test_layers_hold() -> None:
    found = _lint(ROOT, ROOT / "src")

    assert found.returncode == 0, found.stdout


def test_layers_catch_an_import_that_goes_up_and_django_in_the_engines(copy: Path) -> None:
    _append(copy / "src/samkraft/ui/numbers.py", "from samkraft.places import rules")
    _append(copy / "src/samkraft/engines/pathways/lines.py", "import django")

    found = _lint(copy, copy / "src")

    assert found.returncode == 1
    assert "samkraft.ui is not allowed to import samkraft.places" in found.stdout
    assert "samkraft.ui.numbers -> samkraft.places.rules" in found.stdout
    assert "samkraft.engines is not allowed to import django" in found.stdout
