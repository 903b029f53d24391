#!/bin/sh
# Stands for any program of a device: prints what lies under its words in the folder beside its own. Dies instead,
# once, where a file of that name lies in the folder of deaths.
name="${0##*/}"
for word in "$@"; do name="${name}_$word"; done
name="$(printf %s "$name" | tr / +).txt"
if rm "${0%/*}/../deaths/$name" 2>/dev/null; then kill -9 $$; fi
if [ -f "${0%/*}/../commands/$name" ]; then
    cat "${0%/*}/../commands/$name"
elif [ "${name#getprop_}" != "$name" ]; then
    echo
else
    echo "Can't find service: $*" >&2
    exit 20
fi
