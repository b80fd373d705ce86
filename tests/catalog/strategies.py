"""Hypothesis strategies for catalogues; any text that a file could hold, not only tidy words."""

from __future__ import annotations

from hypothesis import strategies as st

from catalog import Facet, Item, Schema

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
TUPLES = st.lists(WORDS, max_size=3).map(tuple)
NAMES = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)


def facets(name: str) -> st.SearchStrategy[Facet]:
    return st.builds(
        Facet,
        name=st.just(name),
        kind=st.sampled_from(("category", "people", "number", "flag")),
        label=WORDS,
        column=WORDS,
        stance=st.sampled_from(("prefer", "require")),
        phrase=TEXT.map(lambda text: text + "{value}"),
        cues=TUPLES,
        synonyms=st.dictionaries(TEXT, TUPLES, max_size=3),
        role=st.sampled_from(("", "price", "year", "duration", "availability")),
        prefix=TEXT,
        unit=TEXT,
        units=st.dictionaries(TEXT, FLOATS, max_size=3),
        higher=TUPLES,
        lower=TUPLES,
        integer=st.booleans(),
        separator=TEXT,
        in_text=st.booleans(),
        on_card=st.booleans(),
        question=TEXT,
    )


def schemas() -> st.SearchStrategy[Schema]:
    return st.lists(NAMES, max_size=3, unique=True).flatmap(
        lambda names: st.builds(
            Schema,
            name=TEXT,
            noun=WORDS,
            plural=WORDS,
            item_id=TEXT,
            title=WORDS,
            texts=TUPLES,
            facets=st.tuples(*(facets(name) for name in names)),
            url=TEXT,
            image=TEXT,
            consumed=WORDS,
            openers=TUPLES,
        )
    )


def items() -> st.SearchStrategy[list[Item]]:
    item = st.builds(
        Item,
        item_id=WORDS,
        title=WORDS,
        labels=st.dictionaries(NAMES, TUPLES, max_size=3),
        numbers=st.dictionaries(NAMES, FLOATS, max_size=3),
        flags=st.dictionaries(NAMES, st.booleans(), max_size=3),
        texts=st.dictionaries(NAMES, TEXT, max_size=3),
        url=TEXT,
        image=TEXT,
        aliases=TUPLES,
    )
    return st.lists(item, min_size=1, max_size=5, unique_by=lambda item: item.item_id)
