"""What goes out."""

import io
import json

import jsonschema
import msgspec

from pnews.document import Cluster, Document, Entity, Sentence, Token, new_document
from pnews.formats import writer
from pnews.formats.json import schema


def document() -> Document:
    tokens = (
        Token("جو", 0, 2, 0, 2, "جو"),
        Token("بایدن", 3, 8, 3, 8, "بایدن"),
        Token("رفت", 9, 12, 9, 12, "رفت"),
    )
    entity = Entity("e1", "PER", "جو بایدن", "جو بایدن", 0, 8, 0, 8, 0.9, "c1")
    return msgspec.structs.replace(
        new_document("جو بایدن رفت", id="a.txt"),
        normalized="جو بایدن رفت",
        edits=(),
        sentences=(Sentence(0, 12, 0, 12, tokens),),
        entities=(entity,),
        clusters=(Cluster("c1", "PER", "جو بایدن", "Joe Biden", {"wikidata": "Q6279"}, ("e1",)),),
    )


def written(name: str, *documents: Document) -> str:
    stream = io.BytesIO()
    writer(name)(documents, stream)
    return stream.getvalue().decode()


def test_conll_is_a_token_and_a_label_a_line() -> None:
    assert written("conll", document()) == "# id = a.txt\nجو\tB-PER\nبایدن\tI-PER\nرفت\tO\n\n"


def test_tokens_are_a_line_each() -> None:
    assert written("tokens", document()) == "جو\nبایدن\nرفت\n\n"


def test_text_ends_with_one_line_end() -> None:
    assert written("text", document()) == "جو بایدن رفت\n"


def test_json_of_one_document_is_an_object_and_of_two_an_array() -> None:
    one, two = written("json", document()), written("json", document(), document())
    assert json.loads(one)["id"] == "a.txt"
    assert [item["id"] for item in json.loads(two)] == ["a.txt", "a.txt"]


def test_json_and_json_lines_say_the_same() -> None:
    assert json.loads(written("json", document())) == json.loads(written("jsonl", document()))


def test_persian_is_written_as_persian() -> None:
    assert "بایدن" in written("jsonl", document())


def test_a_layer_that_has_not_been_run_is_absent_and_an_empty_one_is_not() -> None:
    bare = json.loads(written("jsonl", new_document("خبر", id="1")))
    assert set(bare) == {"schema", "id", "text", "meta"}
    empty = msgspec.structs.replace(new_document("خبر", id="1"), entities=())
    assert json.loads(written("jsonl", empty))["entities"] == []


def test_a_document_reads_back_as_it_was() -> None:
    assert msgspec.json.decode(written("jsonl", document()), type=Document) == document()


def test_the_schema_takes_documents_and_nothing_else() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    whole = json.loads(written("jsonl", document()))
    validator.validate(whole)
    for wrong in ({**whole, "schema": 2}, {**whole, "extras": 1}, {"schema": 1, "id": "1"}):
        assert not validator.is_valid(wrong)


def test_the_table_names_clusters_with_their_english_names() -> None:
    table = written("table", document())
    assert "بایدن" in table
    assert "Joe Biden" in table
    assert "wikidata:Q6279" in table


def test_every_line_of_a_name_is_closed_off() -> None:
    name = "وزارت امور خارجه جمهوری اسلامی ایران در تهران"
    cluster = msgspec.structs.replace(document().clusters[0], name=name)
    table = written("table", msgspec.structs.replace(document(), clusters=(cluster,)))
    lines = [line for line in table.splitlines() if "\u2068" in line]
    assert len(lines) >= 2
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)
