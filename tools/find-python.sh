#!/usr/bin/env bash
# Print the first Python 3.11+ that can make a virtual environment; exit 1 where there is none. $PYTHON goes first, then
# the system's own: it is built with profile-guided optimisation, and a Python that somebody built without takes up to a third longer.
set -euo pipefail

usable='import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'
for candidate in "${PYTHON:-}" /usr/bin/python3 python3 python3.11 python3.12 python3.13; do
    if [[ -n $candidate ]] && "$candidate" -c "$usable" 2>/dev/null; then
        printf '%s\n' "$candidate"
        exit 0
    fi
done
exit 1
