"""The catalogue at rest: one database holds it whole, beside sessions and feedback.

Owns: the engine's settings, the tables of items and interactions, saving and loading. Does not
own: the tables of conversations (`assistant.store` adds them to `METADATA`), or reading source
files (`catalog.ingest`).

A save is one transaction: a process killed at any moment leaves the old catalogue or the new one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from catalog.catalog import Catalog
from catalog.codec import decode_item, decode_schema, encode_item, encode_schema
from catalog.errors import CatalogError, ConfigurationError, MissingDependencyError
from catalog.item import Interactions, Item
from catalog.schema import Schema

METADATA = MetaData()

_CATALOGUE = Table(
    "catalogue",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("schema", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
)
_ITEMS = Table(
    "items",
    METADATA,
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Text, nullable=False, unique=True),
    Column("payload", Text, nullable=False),
)
_INTERACTIONS = Table(
    "interactions",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("value", Float, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
)
_BUSY_TIMEOUT_MS = 10_000
_PASSWORD = re.compile(r"(//[^/:@]*:).*@", re.DOTALL)


def open_database(url: str) -> Engine:
    """Return an engine for `url` whose tables exist.

    SQLite is set to write-ahead logging (readers never wait for the writer), to flush every commit
    to the disk, and to wait ten seconds for a lock.

    Parameters
    ----------
    url : str
        SQLAlchemy URL: ``"sqlite:////data/vouch.db"``, ``"postgresql+psycopg://..."``.

    Raises
    ------
    ConfigurationError
        When the URL is malformed or the database cannot be opened.
    MissingDependencyError
        When the driver of the URL's database is not installed.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _configure_sqlite)
        METADATA.create_all(engine)
    except ArgumentError as error:
        raise ConfigurationError(f"{safe_url(url)!r} is not a database URL: {error}") from error
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"the database in {safe_url(url)!r} needs the package {error.name!r}: pip install it"
        ) from error
    except (SQLAlchemyError, OSError) as error:
        raise ConfigurationError(f"cannot open the database {safe_url(url)!r}: {error}") from error
    return engine


def has_catalog(engine: Engine) -> bool:
    """Tell whether a catalogue is saved in `engine`."""
    if not inspect(engine).has_table(_CATALOGUE.name):
        return False
    with engine.connect() as connection:
        return connection.execute(select(_CATALOGUE.c.id)).first() is not None


def saved_fingerprint(engine: Engine) -> str | None:
    """Return the fingerprint of the catalogue saved in `engine`, without reading it; None of none.

    A server's own catalogue has another one when it was replaced since the server's start.
    """
    with engine.connect() as connection:
        return connection.execute(select(_CATALOGUE.c.fingerprint)).scalar()


def save_catalog(
    engine: Engine,
    schema: Schema,
    items: Sequence[Item],
    interactions: Interactions | None = None,
) -> None:
    """Replace the saved catalogue, in one transaction.

    Raises
    ------
    CatalogError
        When there are no items, or the database refuses; the old catalogue then stays.
    """
    if not items:
        raise CatalogError(f"catalogue {schema.name!r} has no items; nothing was replaced")
    interactions = interactions or Interactions.empty()
    fingerprint = Catalog.build(schema, items).fingerprint
    item_rows = [
        {"row": row, "item_id": item.item_id, "payload": encode_item(item)}
        for row, item in enumerate(items)
    ]
    try:
        with engine.begin() as connection:
            for table in (_INTERACTIONS, _ITEMS, _CATALOGUE):
                connection.execute(delete(table))
            connection.execute(
                insert(_CATALOGUE),
                {"id": 1, "schema": encode_schema(schema), "fingerprint": fingerprint},
            )
            connection.execute(insert(_ITEMS), item_rows)
            if len(interactions):
                connection.execute(insert(_INTERACTIONS), _interaction_rows(interactions))
    except SQLAlchemyError as error:
        raise CatalogError(
            f"cannot save catalogue {schema.name!r}; the old one stays: {error}"
        ) from error


def load_catalog(engine: Engine) -> Catalog:
    """Return the saved catalogue; its fingerprint is that of the one saved.

    Raises
    ------
    CatalogError
        When there is none, or it cannot be read.
    """
    try:
        METADATA.create_all(engine)
        with _snapshot(engine) as connection:
            saved = connection.execute(select(_CATALOGUE.c.schema)).scalar()
            if saved is None:
                raise CatalogError(
                    f"no catalogue in {safe_url(str(engine.url))!r}; run `vouch ingest FILE`"
                )
            payloads = connection.execute(select(_ITEMS.c.payload).order_by(_ITEMS.c.row)).scalars()
            items = [decode_item(payload) for payload in payloads]
            interactions = _load_interactions(connection)
    except SQLAlchemyError as error:
        raise CatalogError(f"cannot read the catalogue: {error}") from error
    return Catalog.build(decode_schema(saved), items, interactions)


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    cursor.close()


@contextmanager
def _snapshot(engine: Engine) -> Generator[Connection]:
    # Three selects must see one catalogue, also while another process replaces it.
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _interaction_rows(interactions: Interactions) -> list[dict[str, object]]:
    columns = zip(
        interactions.user.tolist(),
        interactions.row.tolist(),
        interactions.value.tolist(),
        interactions.timestamp.tolist(),
        strict=True,
    )
    return [
        {
            "position": position,
            "user_id": interactions.users[user],
            "row": row,
            "value": value,
            "timestamp": timestamp,
        }
        for position, (user, row, value, timestamp) in enumerate(columns)
    ]


def _load_interactions(connection: Connection) -> Interactions:
    table = _INTERACTIONS.c
    rows = connection.execute(
        select(table.user_id, table.row, table.value, table.timestamp).order_by(table.position)
    ).all()
    if not rows:
        return Interactions.empty()
    users, items, values, timestamps = zip(*rows, strict=True)
    return Interactions.build(
        users,
        np.array(items, np.int32),
        np.array(values, np.float32),
        np.array(timestamps, np.int64),
    )


def safe_url(url: str) -> str:
    """Return `url` without its password, as it may be shown; it need not be well formed."""
    return _PASSWORD.sub(r"\1***@", url)
