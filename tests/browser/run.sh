#!/bin/sh
# run.sh REPORT.html [MORE.html …]: installs the pinned tools where they are missing and looks at the reports in Chromium,
# and at two more whose every free field holds an attack (written with $PYTHON, or a virtual environment of the repository).
# Needs node >= 20 and Chromium (Debian's package, $CHROMIUM, or npm's @sparticuz/chromium). A missing tool fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
fail() { echo "browser tests: $1" >&2; exit 1; }
[ $# -gt 0 ] || fail "usage: run.sh REPORT.html [MORE.html ...]"
command -v node > /dev/null || fail "node >= 20 is needed (Debian: apt-get install nodejs npm)"
for module in playwright-core axe-core pdfjs-dist; do
  [ -d "$here/node_modules/$module" ] && continue
  (cd "$here" && npm ci --omit=optional --no-audit --no-fund --loglevel=error)
  break
done
python=
for candidate in "${PYTHON:-}" "$root"/build/*/bin/python "$root"/.venv*/bin/python python3; do
  if [ -n "$candidate" ] && PYTHONPATH="$root/src" "$candidate" -c "import jinja2, numpy, pydantic, yaml" 2> /dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || fail "no Python with the project's packages; set PYTHON"
hostile=$(mktemp -d)
trap 'rm -rf "$hostile"' EXIT
PYTHONPATH="$root/src" PYTHONDONTWRITEBYTECODE=1 "$python" "$here/hostile.py" "$hostile/hostile.html" "$hostile/comparison.html"
node "$here/check.mjs" "$@" --screen-only "$hostile/hostile.html" --screen-only "$hostile/comparison.html"
