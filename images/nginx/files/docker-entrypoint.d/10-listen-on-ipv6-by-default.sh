#!/bin/sh
# `localhost` may mean ::1. Without IPv6 in the kernel the line would keep nginx from starting.
set -eu

file=/etc/nginx/conf.d/default.conf

if [ -f /proc/net/if_inet6 ] && [ -w "$file" ] && ! grep -q '\[::\]' "$file"; then
    # A file that is mounted by itself cannot be replaced, and is not ours to change.
    sed -i 's/listen \+80;/&\n    listen  [::]:80;/' "$file" 2>/dev/null || true
fi
