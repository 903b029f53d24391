#!/bin/sh
# Stands for any program of a device: prints what lies under its words in the folder beside its own.
name="${0##*/}"
for word in "$@"; do name="${name}_$word"; done
file="${0%/*}/../commands/$(printf %s "$name" | tr / +).txt"
if [ -f "$file" ]; then cat "$file"; else
    echo "Can't find service: $*" >&2
    exit 20
fi
