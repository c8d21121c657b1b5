#!/bin/sh
# The places named in a folder of articles, most named first.
# usage: examples/places_of_folder.sh FOLDER
set -eu
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
pnews batch "$1" -o "$made/out.jsonl" 2>/dev/null
jq -r '.clusters[] | select(.type == "LOC") | .name_en // .name' "$made/out.jsonl" | sort | uniq -c | sort -rn
