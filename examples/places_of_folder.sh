#!/bin/sh
# The places named in a folder of articles, most named first.
# usage: examples/places_of_folder.sh FOLDER
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
out=$folder/out.jsonl
pnews batch "$1" -o "$out" 2>/dev/null
jq -r '.clusters[] | select(.type == "LOC") | .name_en // .name' "$out" | sort | uniq -c | sort -rn
