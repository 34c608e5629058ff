#!/bin/sh
# Runs what is asked for: lint, sqlite, postgres, stories, or all. A missing part fails; nothing is left out quietly.
set -eu
cd "$(dirname "$0")/.."
what=${1:-all}
bin=.venv/bin
PATH="$PWD/.venv/bin:$PATH"
SAMKRAFT_MODE=test
SAMKRAFT_VAR=${SAMKRAFT_TEST_VAR:-$PWD/var/test}
export PATH SAMKRAFT_MODE SAMKRAFT_VAR
say() { printf '\033[1m== %s\033[0m\n' "$1"; }

need() { # program package
    command -v "$1" >/dev/null 2>&1 && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing $2"
        apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >/dev/null
    else
        echo "$1 is missing. On Debian: apt-get install $2" >&2
        exit 1
    fi
}
need_server() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need initdb-of-postgresql postgresql
}

lint() {
    need xgettext gettext
    say "ruff";          $bin/ruff check .; $bin/ruff format --check .
    say "mypy";          $bin/mypy
    say "djade";         git ls-files -z 'src/*.html' | xargs -0 $bin/djade --target-version 5.2 --check
    say "import-linter"; $bin/lint-imports --no-logo
    say "migrations";    $bin/python manage.py makemigrations --check --dry-run
    say "system check";  $bin/python manage.py check
    say "translations";  $bin/python tools/check_messages.py
}
sqlite()   { need pdftotext poppler-utils; say "tests on SQLite";     $bin/python -m pytest -n 2 --dist loadgroup -m "not story"; }
postgres() { need_server; need pdftotext poppler-utils; say "tests on PostgreSQL"; $bin/python tools/with_postgres.py $bin/python -m pytest -n 2 --dist loadgroup -m "not story"; }
stories()  { need chromium chromium; say "stories in the browser"; $bin/python -m pytest -m story tests/stories; }

case $what in
    lint|sqlite|postgres|stories) $what ;;
    all) lint; sqlite; postgres; stories ;;
    *) echo "Choose lint, sqlite, postgres, stories or all." >&2; exit 2 ;;
esac
