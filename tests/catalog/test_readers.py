from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.errors import IngestError
from catalog.quality import Findings
from catalog.readers import Table, read_table

EXPECTED = [{"id": "1", "name": "Lamp, red"}, {"id": "2", "name": "Café"}]


def read(path: Path) -> tuple[Table, list[str], list[str]]:
    rejected, warnings = Findings(), Findings()
    table = read_table(path, rejected, warnings)
    return table, [f.what for f in rejected.result()], [f.what for f in warnings.result()]


@pytest.mark.parametrize(
    "data",
    [
        b'id,name\n1,"Lamp, red"\n2,Caf\xc3\xa9\n',
        b"\xef\xbb\xbfid;name\r\n1;Lamp, red\r\n2;Caf\xc3\xa9\r\n",
        "id\tname\n1\tLamp, red\n\n2\tCafé\n".encode("utf-16"),
        b"id|name\n1|Lamp, red\n2|Caf\xc3\xa9",
    ],
)
def test_csv_of_any_delimiter_and_encoding(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(data)
    table, rejected, warnings = read(path)
    assert [dict(cells) for _, cells in table.rows] == EXPECTED
    assert (table.columns, table.read, rejected, warnings) == (("id", "name"), 2, [], [])


def test_windows_text_is_read_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes("id,name\n1,Café – “bar”\n".encode("cp1252"))
    table, _, warnings = read(path)
    assert table.rows[0][1]["name"] == "Café – “bar”"
    assert warnings == ["not UTF-8: read as Windows-1252"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("items.jsonl", '{"id": "1", "name": "Lamp, red"}\n{"id": "2", "name": "Café"}\n'),
        ("items.json", '[{"id": "1", "name": "Lamp, red"}, {"id": "2", "name": "Café"}]'),
        ("items.json", '{"1": {"name": "Lamp, red"}, "2": {"name": "Café"}}'),
        ("items.txt", '\n {"id": "1", "name": "Lamp, red"}\n{"id": "2", "name": "Café"}\n'),
    ],
)
def test_json_in_every_form(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    table, rejected, _ = read(path)
    assert [dict(cells) for _, cells in table.rows] == EXPECTED
    assert rejected == []


def test_nested_json_becomes_dotted_columns(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"id": 7, "size": {"w": 2}, "tags": ["a", null, 3], "ok": true}')
    table, _, _ = read(path)
    assert table.rows == ((1, {"id": 7.0, "size.w": 2.0, "tags": ["a", "3"], "ok": True}),)


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "items.parquet"
    pq.write_table(pa.table({"id": [1, 2], "name": ["x", None], "tags": [["a"], []]}), path)
    table, _, _ = read(path)
    assert [dict(cells) for _, cells in table.rows] == [
        {"id": 1.0, "name": "x", "tags": ["a"]},
        {"id": 2.0, "name": None, "tags": []},
    ]


def test_bad_rows_are_reported_with_their_number(tmp_path: Path) -> None:
    csv = tmp_path / "items.csv"
    csv.write_text("id,name\n1,one\n2,two,extra\n3\n")
    rejected = Findings()
    table = read_table(csv, rejected, Findings())
    assert [number for number, _ in table.rows] == [1, 3]
    assert table.read == 3
    assert [(f.what, f.rows, f.examples) for f in rejected.result()] == [
        ("more cells than columns", 1, ("row 2: '2'",))
    ]
    lines = tmp_path / "items.jsonl"
    lines.write_text('{"id": 1}\n{"id": \n[1]\n{"id": 4}\n')
    table, reasons, _ = read(lines)
    assert [number for number, _ in table.rows] == [1, 4]
    assert reasons == ["not a JSON object"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("items.csv", b"", "is empty"),
        ("items.csv", b" \n ", "is empty"),
        ("items.csv", b"id,name\n", "no readable row"),
        ("items.json", b'"text"', "no readable row"),
        ("items.parquet", b"PAR1 broken", "not a readable Parquet file"),
        ("items.csv", b'id,name\n1,"' + b"x" * 200_000, "unclosed quotation mark"),
    ],
)
def test_unreadable_files_say_so(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(IngestError, match=message):
        read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"nowhere\.csv"):
        read(tmp_path / "nowhere.csv")
