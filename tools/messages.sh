#!/bin/sh
# Gathers every text of the source into the languages' files, ready to be translated.
set -eu
cd "$(dirname "$0")/../src/samkraft"
PATH="$PWD/../../.venv/bin:$PATH"
SAMKRAFT_MODE=${SAMKRAFT_MODE:-test}
export PATH SAMKRAFT_MODE
python ../../manage.py makemessages --locale sv --locale nb --locale da --no-wrap --no-location --no-obsolete --verbosity 0
python ../../tools/compile_messages.py
