#!/bin/sh
# Fills ${VARIABLES} of the environment into /etc/nginx/templates/*.template.
set -eu

templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
out=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}

if [ ! -d "$templates" ]; then
    exit 0
fi
if [ ! -w "$out" ]; then
    echo "$0: $templates is there, but $out cannot be written"
    exit 0
fi

# Only names that are set: nginx has variables of its own, such as $host.
names=$(env | sed -n "s/^\([A-Za-z_][A-Za-z_0-9]*\)=.*/\1/p" |
    grep -E "${NGINX_ENVSUBST_FILTER:-}" | sed 's/.*/${&}/' | tr '\n' ' ')

find -L "$templates" -type f -name "*$suffix" | while read -r template; do
    name=${template#"$templates"/}
    target=$out/${name%"$suffix"}
    mkdir -p "$(dirname "$target")"
    envsubst "$names" <"$template" >"$target"
done
