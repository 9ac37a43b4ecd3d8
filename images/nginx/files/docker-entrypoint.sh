#!/bin/sh
# Runs what lies in /docker-entrypoint.d, in the order of the names, and then the command.
set -eu

say() {
    if [ -z "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$0: $*"
    fi
}

if [ "${1-}" = nginx ]; then
    for script in /docker-entrypoint.d/*; do
        if [ ! -x "$script" ]; then
            say "ignoring $script, it is not executable"
            continue
        fi
        case "$script" in
        *.envsh)
            say "reading $script"
            . "$script"
            ;;
        *.sh)
            say "running $script"
            "$script"
            ;;
        *) say "ignoring $script" ;;
        esac
    done
    say "configuration complete, ready to start"
fi

exec "$@"
