"""Files in the forms of public data sets, and what is said of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import IngestError
from evaluation.ratings import read_ratings

FORMS = {
    "u.data": "196\t242\t3.0\t881250949\n186\t302\t4\t881250950\n196\t302\t1\t881250951\n",
    "ratings.dat": "196::242::3::881250949\n186::302::4::881250950\n196::302::1::881250951\n",
    "ratings.csv": "userId,movieId,rating,timestamp\n196,242,3.0,881250949\n186,302,4.0,881250950\n"
    "196,302,1.0,881250951\n",
    "quoted.csv": '\ufeff"timestamp";"item";"user";"rating"\n881250951;"302";"196";1\n'
    '881250950;"302";"186";4\n\n881250949;"242";"196";3\n',
    "ml.inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
    "196\t242\t3\t881250949.0\n186\t302\t4\t881250950\n196\t302\t1\t881250951\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_says_the_same(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FORMS[name], encoding="utf-8")
    ratings = read_ratings(tmp_path / name)
    found = ratings.catalog.interactions
    items = [ratings.catalog.items[row].item_id for row in found.row]
    users = [found.users[user] for user in found.user]
    assert list(zip(users, items, found.value.tolist(), found.timestamp.tolist(), strict=True)) == [
        ("196", "242", 3.0, 881250949),
        ("186", "302", 4.0, 881250950),
        ("196", "302", 1.0, 881250951),
    ]
    assert (ratings.name, ratings.vectors) == (name, None)


def test_without_ratings_and_times_lines_count_one_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "clicks.csv").write_text("user_id,item_id,colour\nb,y,red\na,x,red\n")
    found = read_ratings(tmp_path / "clicks.csv").catalog.interactions
    assert (found.users, found.value.tolist()) == (("b", "a"), [1.0, 1.0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("user_id,item_id\n", "header only"),
        ("1 2 3\n", "no tab, comma"),
        ("1,2\n", "user, item, rating"),
        ("user_id,rating\n1,2\n", "an item column"),
        ("1,2,3\n1,2\n", "line 2: 3 cells expected"),
        ("1,2,3\n1,2,good\n", "line 2: 'good' is not a number"),
        ("1,2,nan\n", "line 1: 'nan' is not a number"),
        ("userId,movieId,rating,timestamp\n1,2,3,soon\n", "line 2: 'soon'"),
    ],
)
def test_anything_else_is_an_error_that_names_the_line(
    text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "odd.csv").write_text(text)
    with pytest.raises(IngestError, match=message):
        read_ratings(tmp_path / "odd.csv")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"none\.csv"):
        read_ratings(tmp_path / "none.csv")
