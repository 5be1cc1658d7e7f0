#!/bin/sh
# run.sh REPORT.html [MORE.html …]: installs the pinned tools where they are missing and looks at the reports in Chromium.
# Needs node >= 20 and Chromium (Debian's package, $CHROMIUM, or npm's @sparticuz/chromium). A missing tool fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
command -v node >/dev/null || { echo "browser tests need node >= 20 (Debian: apt-get install nodejs npm)" >&2; exit 1; }
[ $# -gt 0 ] || { echo "usage: run.sh REPORT.html [MORE.html ...]" >&2; exit 1; }
if ! cmp -s "$here/package-lock.json" "$here/node_modules/.estrogenome-lock"; then
  (cd "$here" && npm ci --omit=optional --no-audit --no-fund --loglevel=error)
  cp "$here/package-lock.json" "$here/node_modules/.estrogenome-lock"
fi
exec node "$here/check.mjs" "$@"
