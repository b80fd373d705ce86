from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text

from catalog import Catalog, Interactions, Item, Schema
from catalog.database import has_catalog, load_catalog, open_database, safe_url, save_catalog
from catalog.errors import CatalogError, ConfigurationError
from tests.catalog import strategies


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'deep' / 'vouch.db'}")


def met(*rows: tuple[str, int, float, int]) -> Interactions:
    users, items, values, times = zip(*rows, strict=True)
    return Interactions.build(
        users, np.array(items, np.int32), np.array(values, np.float32), np.array(times, np.int64)
    )


def test_what_is_saved_is_what_is_loaded(engine: Engine, tiny: Catalog) -> None:
    interactions = met(
        ("u2", 1, 4.5, 30), ("u1", 0, 0.5, 10), ("u2", 0, 3, 2**40), ("u1", 5, 1, 10)
    )
    save_catalog(engine, tiny.schema, tiny.items, interactions)
    loaded = load_catalog(engine)
    assert loaded.schema == tiny.schema
    assert loaded.items == tiny.items
    assert loaded.fingerprint == tiny.fingerprint
    assert loaded.interactions.users == ("u1", "u2")
    assert loaded.interactions.user.tolist() == [0, 0, 1, 1]
    assert loaded.interactions.row.tolist() == [0, 5, 1, 0]
    assert loaded.interactions.value.tolist() == [0.5, 1, 4.5, 3]
    assert loaded.interactions.timestamp.tolist() == [10, 10, 30, 2**40]
    assert loaded.popularity.tolist() == [2, 1, 0, 0, 0, 1]


@settings(max_examples=30, deadline=None)
@given(strategies.schemas(), strategies.items())
def test_any_catalogue_keeps_its_fingerprint(schema: Schema, items: list[Item]) -> None:
    engine = open_database("sqlite://")
    save_catalog(engine, schema, items)
    loaded = load_catalog(engine)
    engine.dispose()
    assert loaded.schema == schema
    assert list(loaded.items) == items
    assert loaded.fingerprint == Catalog.build(schema, items).fingerprint


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=20))
def test_interactions_come_sorted_with_users_as_they_appear(rows: list[tuple[str, int]]) -> None:
    built = Interactions.build(
        [user for user, _ in rows],
        np.arange(len(rows), dtype=np.int32),
        np.ones(len(rows), np.float32),
        np.array([time for _, time in rows], np.int64),
    )
    expected = sorted(range(len(rows)), key=lambda place: rows[place][1])
    assert built.row.tolist() == expected
    assert [built.users[user] for user in built.user] == [rows[place][0] for place in expected]
    assert list(built.users) == list(dict.fromkeys(rows[place][0] for place in expected))


def test_a_save_replaces_everything(engine: Engine, tiny: Catalog) -> None:
    save_catalog(engine, tiny.schema, tiny.items, met(("u", 3, 1, 1)))
    save_catalog(engine, tiny.schema, tiny.items[:2])
    loaded = load_catalog(engine)
    assert [item.item_id for item in loaded.items] == ["a", "b"]
    assert len(loaded.interactions) == 0


def test_sqlite_is_set_to_lose_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        values = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert values == ["wal", 2, 1, 10_000]


def test_a_database_without_a_catalogue_says_what_to_run(engine: Engine) -> None:
    assert not has_catalog(engine)
    with pytest.raises(CatalogError, match="vouch ingest"):
        load_catalog(engine)


def test_no_items_replace_nothing(engine: Engine, tiny: Catalog) -> None:
    save_catalog(engine, tiny.schema, tiny.items)
    with pytest.raises(CatalogError, match="nothing was replaced"):
        save_catalog(engine, tiny.schema, [])
    assert has_catalog(engine)
    assert load_catalog(engine).fingerprint == tiny.fingerprint


def test_a_failed_save_leaves_the_old_catalogue(engine: Engine, tiny: Catalog) -> None:
    save_catalog(engine, tiny.schema, tiny.items)
    twice = [*tiny.items, tiny.items[0]]
    with pytest.raises(CatalogError, match="old one stays"):
        save_catalog(engine, tiny.schema, twice)
    assert load_catalog(engine).fingerprint == tiny.fingerprint


_KILLED_WHILE_SAVING = """
import os, signal, sys
import numpy as np
from sqlalchemy import event
from catalog import Interactions, Item, Schema
from catalog.database import open_database, save_catalog

engine = open_database(sys.argv[1])

def kill(connection, cursor, statement, *rest):
    if statement.startswith("INSERT INTO interactions"):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "before_cursor_execute", kill)
schema = Schema("new", "thing", "things", "id", "title", (), ())
one = np.zeros(1)
save_catalog(engine, schema, [Item("z", "Zed")], Interactions.build(["u"], one, one, one))
"""


def test_a_process_killed_while_saving_leaves_the_old_catalogue(
    engine: Engine, tiny: Catalog
) -> None:
    save_catalog(engine, tiny.schema, tiny.items)
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_WHILE_SAVING, str(engine.url)], cwd=root, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert load_catalog(engine).fingerprint == tiny.fingerprint


def test_a_reader_sees_one_catalogue_while_another_is_saved(engine: Engine, tiny: Catalog) -> None:
    save_catalog(engine, tiny.schema, tiny.items)
    other = open_database(str(engine.url))
    saved: list[bool] = []

    def replace_in_between(
        _connection: object, _cursor: object, statement: str, *_: object
    ) -> None:
        if "FROM items" in statement and not saved:
            saved.append(True)
            save_catalog(other, tiny.schema, tiny.items[:1])

    event.listen(engine, "before_cursor_execute", replace_in_between)
    assert load_catalog(engine).fingerprint == tiny.fingerprint
    assert saved
    assert len(load_catalog(engine)) == 1


@pytest.mark.parametrize("url", ["not a url", "sqlite:////proc/nowhere/vouch.db"])
def test_a_database_that_cannot_be_opened_is_named(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"not a url|/proc/nowhere"):
        open_database(url)


@pytest.mark.parametrize(
    "url", ["postgresql+nothing://ann:hidden@db/vouch", "no url//ann:hidden@db", "//ann:hid@den@db"]
)
def test_a_password_is_never_shown(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        open_database(url)
    for shown in (safe_url(url), str(refused.value)):
        assert "ann:***@db" in shown
        assert "hid" not in shown


@pytest.mark.parametrize("url", ["", "sqlite:////data/vouch.db", "postgresql://ann@db:5432/vouch"])
def test_a_url_without_a_password_is_shown_whole(url: str) -> None:
    assert safe_url(url) == url
