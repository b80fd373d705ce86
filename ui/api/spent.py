"""Visitors' tokens that were used: each counts once.

Owns: the table of used tokens, kept until they would not be accepted anyway. Does not own: what a
token says (`ui.tokens`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Engine, String, Table, delete, insert
from sqlalchemy.exc import IntegrityError

from catalog.database import METADATA
from ui.tokens import TokenError, Visitor

SPENT = Table(
    "spent_tokens",
    METADATA,
    Column("token_id", String(200), primary_key=True),
    Column("expires", DateTime(timezone=True), nullable=False, index=True),
)


def spend(database: Engine, visitor: Visitor) -> None:
    """Use up the token that named `visitor`; of two that try at once, one succeeds.

    Raises
    ------
    TokenError
        When it was used before.
    """
    try:
        with database.begin() as connection:
            connection.execute(delete(SPENT).where(SPENT.c.expires < datetime.now(UTC)))
            connection.execute(
                insert(SPENT).values(token_id=visitor.token_id, expires=visitor.expires)
            )
    except IntegrityError as error:
        raise TokenError("the visitor's token was used already; the site signs another") from error
