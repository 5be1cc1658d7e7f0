#!/usr/bin/env bash
# Make sure there is a Chromium to look at reports with: Debian's package, else npm's @sparticuz/chromium.
set -euo pipefail
for name in chromium chromium-browser; do
    if command -v "$name" > /dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "installing chromium"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null
    exit 0
fi
echo "installing @sparticuz/chromium"
cd "$(dirname "$0")/../browser"
npm ci --omit=optional --no-audit --no-fund --loglevel=error
npm install --no-save --no-audit --no-fund --loglevel=error @sparticuz/chromium
cp package-lock.json node_modules/.estrogenome-lock
