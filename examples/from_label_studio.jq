# Label Studio's export (JSON) as gold for `pnews evaluate`.
# usage: jq -c -f examples/from_label_studio.jq export.json > gold.jsonl
.[] | {
  id: .data.id,
  text: .data.text,
  entities: [.annotations[0].result[].value | {type: .labels[0], start: .start, "end": .end}]
}
