"""What importing a publisher's file costs, as a share of only reading it."""

import subprocess
import sys
import time
from pathlib import Path

from samkraft.statistics import formats

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FILES = {
    "smhi": ("se/smhi_co2_lansrapport_2024-04-18.xlsx", formats.read_smhi_xlsx),
    "ghg-json": ("se/ghg_sector_1990-2024.json", formats.read_ghg_json),
    "energistyrelsen": ("dk/klimaregnskab_by_kommune_2018-2023.json", formats.read_energistyrelsen),
    "miljodirektoratet": ("no/mdir_klimagassutslipp_telemark_2009-2024.csv", formats.read_miljodirektoratet),
    "scb-population": ("se/scb_folkmangd_2025M12.xlsx", formats.read_scb_population),
}


def report() -> None:
    """Seconds of `samkraft import` (a whole process) and of the reader alone, where the files are at hand."""
    if not DATA.is_dir():
        print(f"\nImports: left out, since the publishers' files are not in {DATA}.")
        return
    print("\nImports of the publishers' files")
    print(f"{'kind':<24}{'whole':>10}{'reading':>10}{'ratio':>10}")
    for kind, (name, read) in FILES.items():
        began = time.perf_counter()
        read(DATA / name)
        reading = time.perf_counter() - began
        command = [sys.executable, "-m", "samkraft.config.command", "import", kind, str(DATA / name), "--dry-run"]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        whole = time.perf_counter() - began
        print(f"{kind:<24}{whole:>8.1f} s{reading:>8.2f} s{whole / reading:>9.1f}x")
