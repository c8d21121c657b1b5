# Annotated documents as tasks of Label Studio, the entities as predictions to be corrected.
# usage: jq -s -f examples/to_label_studio.jq out.jsonl > tasks.json
map({
  data: {id, text},
  predictions: [{
    model_version: .meta.model,
    result: [.entities[] | {
      id, score, type: "labels", from_name: "label", to_name: "text",
      value: {start: .start, "end": .end, text, labels: [.type]}
    }]
  }]
})
