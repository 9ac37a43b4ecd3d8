#!/bin/sh
# A configuration file is served; words that the registry knows are its own; the rest is a command.
set -eu

case "${1-}" in
*.yml | *.yaml) set -- registry serve "$@" ;;
serve | garbage-collect | help | -*) set -- registry "$@" ;;
esac

exec "$@"
