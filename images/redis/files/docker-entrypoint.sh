#!/bin/sh
# Starts Redis as the user redis, with files that only Redis can read.
set -eu

case "${1-}" in
-* | *.conf) set -- redis-server "$@" ;;
esac

as_redis="setpriv --reuid redis --regid redis --clear-groups --nnp --inh-caps=-all"

# Whether this container may use the capability, of whatever user it is.
may() {
    setpriv --dump | grep -q "^Capability bounding set:.*\b$1\b"
}

# A volume may belong to root. Only files that Redis itself writes change hands.
take_over_data() {
    strange=$(find . -mindepth 1 -maxdepth 1 ! -name '*.rdb' ! -name appendonlydir -print -quit)
    if [ -n "$strange" ]; then
        echo "$0: $strange is not a file of Redis: owners in $PWD stay as they are"
        return
    fi
    find . ! -exec $as_redis test -r {} -a -w {} \; \
        -exec chown redis {} \; -exec chmod u+rwX {} \; || true
}

# Root without these capabilities cannot become another user, and stays root.
if [ "${1-}" = redis-server ] && [ "$(id -u)" = 0 ] && may setuid && may setgid; then
    take_over_data
    exec $as_redis "$0" "$@"
fi

# 0022 is what nobody chose.
if [ "$(umask)" = 0022 ]; then
    umask 0077
fi

exec "$@"
