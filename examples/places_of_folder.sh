#!/bin/sh
# The places named in a folder of articles, most named first.
# usage: examples/places_of_folder.sh FOLDER
set -eu
out=$(mktemp)
trap 'rm -f "$out"' EXIT
pnews batch "$1" -o "$out" 2>/dev/null
jq -r '.clusters[] | select(.type == "LOC") | .name_en // .name' "$out" | sort | uniq -c | sort -rn
