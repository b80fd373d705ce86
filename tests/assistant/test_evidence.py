"""Facts come from what raised the score, what holds and what the catalogue says; nowhere else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import evidence_for, liked, reasons
from assistant.state import Evidence, Fact, Opinion, Preference, UserProfile
from assistant.wording import quotable
from catalog import Catalog, Constraint, Interactions
from ranking.deletion import Cause, Standing
from ranking.scoring import Scored, Term
from tests.assistant import small_films

CATALOG = small_films.catalog()
RONIN = 1


def _facts(
    *terms: Term, profile: UserProfile | None = None, text: str = "", row: int = RONIN
) -> tuple[Fact, ...]:
    person = small_films.profile() if profile is None else profile
    (evidence,) = evidence_for([Scored(row, 1.0, terms)], person, CATALOG, text)
    assert evidence.item_id == CATALOG.items[row].item_id
    return evidence.facts


def _texts(facts: tuple[Fact, ...], kind: str) -> list[str]:
    return [fact.text for fact in facts if fact.kind == kind]


def test_behaviour_names_the_liked_titles() -> None:
    facts = _facts(Term("collaborative", 1.0, ("6", "2")))
    assert facts[0].text == "people who liked Heat and The Insider also liked it"
    assert facts[0].likes == ("6", "2")


def test_content_says_what_is_shared_people_first() -> None:
    facts = _facts(Term("content", 1.0, ("6",)))
    assert _texts(facts, "shared") == ["with Robert De Niro, like Heat", "about heist, like Heat"]


def test_a_wish_is_stated_only_where_the_pick_has_it() -> None:
    facts = _facts(Term("preferences", 1.0, ("mood:Tense", "mood:gritty", "cast:Al Pacino")))
    assert _texts(facts, "preference") == ["tense in mood, as you asked"]


def test_conditions_come_with_the_value_and_the_persons_words() -> None:
    assert _texts(_facts(), "constraint") == [
        "no Horror, as you asked",
        "119 min, under two hours",
    ]


def test_that_a_rare_value_is_absent_is_no_fact() -> None:
    film = CATALOG.items[0]
    others = [
        replace(film, item_id=f"x{n}", labels={**film.labels, "keywords": ("heist",)})
        for n in range(2500)
    ]
    rare = replace(film, item_id="y", labels={**film.labels, "keywords": ("swearing",)})
    plain = replace(film, item_id="z", labels={**film.labels, "keywords": ("space",)})
    catalog = Catalog.build(CATALOG.schema, [*others, rare, plain])
    for value, told in (("swearing", []), ("heist", ["no heist, as you asked"])):
        refused = Constraint("keywords", "!=", value, 1, value)
        person = UserProfile(constraints=(refused,))
        (evidence,) = evidence_for([Scored(2501, 1.0, ())], person, catalog)
        assert _texts(evidence.facts, "constraint") == told


def test_a_condition_that_fails_is_no_fact() -> None:
    profile = UserProfile(constraints=(Constraint("year", ">=", 2000, 1, "after 1999"),))
    assert _texts(_facts(profile=profile), "constraint") == []


def test_two_bounds_on_one_number_are_one_fact() -> None:
    nineties = tuple(
        Constraint("year", op, value, 1, "90s") for op, value in ((">=", 1990), ("<=", 1999))
    )  # type: ignore[arg-type]
    facts = _facts(profile=UserProfile(constraints=nineties))
    assert _texts(facts, "constraint") == ["1998, 90s"]


def test_words_are_quoted_only_when_the_text_counted_and_matches() -> None:
    heist = "a heist gone wrong with mercenaries"
    matched = _facts(Term("text", 1.0), text=heist)
    assert _texts(matched, "text") == ["matches your words: heist, mercenaries"]
    assert _texts(_facts(Term("text", -1.0), text=heist), "text") == []
    assert _texts(_facts(Term("text", 1.0), text="a quiet romance"), "text") == []
    described = _facts(Term("text", 1.0), text="a stolen briefcase")
    assert _texts(described, "text") == ["matches your words: briefcase"]


def test_only_the_most_met_are_called_popular() -> None:
    users, rows = [], []
    for row in range(len(CATALOG)):
        for user in range(20 if row == RONIN else 1):
            users.append(user)
            rows.append(row)
    import numpy as np

    interactions = Interactions(
        tuple(map(str, range(20))),
        np.array(users, np.int32),
        np.array(rows, np.int32),
        np.ones(len(rows), np.float32),
        np.zeros(len(rows), np.int64),
    )
    catalog = Catalog.build(CATALOG.schema, CATALOG.items, interactions)
    slate = [Scored(row, 1.0, (Term("popularity", 1.0),)) for row in (RONIN, 2)]
    first, second = evidence_for(slate, UserProfile(), catalog)
    assert first.facts[0].text == "seen by many people"
    assert all(fact.kind != "popular" for fact in second.facts)


def test_the_strongest_term_comes_first() -> None:
    weak, strong = Term("collaborative", 0.1, ("6",)), Term("preferences", 0.9, ("mood:tense",))
    assert [fact.kind for fact in _facts(weak, strong)[:2]] == ["preference", "collaborative"]


def test_what_lowered_the_score_is_no_reason() -> None:
    facts = _facts(Term("collaborative", -0.5, ("6",)), Term("preferences", 0.0, ("mood:tense",)))
    assert {fact.kind for fact in facts} <= {"constraint", "facet"}


class _Level(Standing):
    """Where only likes decide about a place, and `least` is what all else costs."""

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def cost(self, row: int, cause: Cause) -> int:
        return len(cause.likes) or self.least


def test_a_wish_that_does_not_decide_is_told_as_a_condition() -> None:
    terms = (Term("preferences", 0.9, ("mood:tense",)), Term("collaborative", 0.5, ("6",)))
    slate = [Scored(RONIN, 1.4, terms)]
    (evidence,) = evidence_for(slate, small_films.profile(), CATALOG, standing=_Level())
    assert evidence.facts[0].kind == "collaborative"
    assert _texts(evidence.facts, "preference") == []
    assert "tense in mood, as you asked" in _texts(evidence.facts, "constraint")


def test_where_no_reason_decides_only_repeated_words_are_given() -> None:
    slate = [Scored(RONIN, 1.0, (Term("text", 1.0), Term("popularity", 0.5)))]
    (evidence,) = evidence_for(slate, UserProfile(), CATALOG, "a heist", standing=_Level())
    assert [fact.kind for fact in evidence.facts if fact.kind != "facet"] == ["text"]
    (evidence,) = evidence_for(slate, UserProfile(), CATALOG, "a heist", standing=_Level(-1))
    assert {fact.kind for fact in evidence.facts} == {"facet"}


def test_what_the_person_dislikes_or_avoids_is_never_a_reason() -> None:
    profile = UserProfile(
        dislikes=(Opinion("6", "Heat", 1),),
        preferences=(Preference("mood", "tense", -1.0, 1),),
        constraints=(Constraint("cast", "!=", "Jean Reno"), Constraint("genres", "!=", "crime")),
    )
    facts = _facts(
        Term("collaborative", 1.0, ("6",)),
        Term("content", 0.9, ("6", "2")),
        Term("preferences", 0.8, ("mood:tense",)),
        Term("text", 0.7),
        profile=profile,
        text="tense crime",
    )
    said = " ".join(fact.text for fact in facts)
    assert "Heat" not in said
    assert "tense" not in said
    assert "Jean Reno" not in said
    assert "Crime" not in said


_causes = st.sampled_from(["6", "2", "4", "mood:tense", "cast:Jean Reno", "no:thing", "999"])
_terms = st.builds(
    Term,
    st.sampled_from(["collaborative", "content", "preferences", "text", "popularity"]),
    st.floats(-2, 2),
    st.lists(_causes, max_size=3).map(tuple),
)


@given(terms=st.lists(_terms, max_size=5), row=st.integers(0, len(CATALOG) - 1))
def test_every_fact_can_be_checked(terms: list[Term], row: int) -> None:
    facts = _facts(*terms, row=row, text="tense heist")
    item = CATALOG.items[row]
    positive = {cause for term in terms if term.contribution > 0 for cause in term.because}
    for fact in facts:
        assert fact.text
        assert set(fact.likes) <= positive
        if fact.kind in ("preference", "shared"):
            assert set(fact.values) <= set(item.labels[fact.facet])
    assert len({(fact.kind, fact.facet, fact.values) for fact in facts}) == len(facts)


def test_reasons_are_few_varied_and_capitalised() -> None:
    (evidence,) = small_films.slate()
    assert reasons(evidence) == (
        "People who liked Heat and The Insider also liked it",
        "With Robert De Niro, like Heat",
        "Tense in mood, as you asked",
    )


def test_a_pick_without_terms_still_has_two_reasons_from_its_facets() -> None:
    facts = _facts(profile=UserProfile())
    assert reasons(Evidence(1, "1", facts)) == ("From 1998", "119 min long")


def test_likes_are_numbered_by_first_mention() -> None:
    (evidence,) = small_films.slate()
    assert liked(evidence) == ("6", "2")


def test_cards_of_one_slate_do_not_read_alike(tiny: Catalog) -> None:
    terms = (Term("collaborative", 1.0, ("a",)),)
    slate = evidence_for([Scored(row, 1.0, terms) for row in (1, 2, 3)], UserProfile(), tiny)
    assert len({evidence.facts[0].text for evidence in slate}) == 3


def test_a_shop_speaks_its_own_words(tiny: Catalog) -> None:
    profile = UserProfile(constraints=(Constraint("price", "<=", 25.0, 1, "under $25"),))
    (evidence,) = evidence_for([Scored(1, 1.0, ())], profile, tiny)
    assert [fact.text for fact in evidence.facts] == [
        "$20, under $25", "1995", "$20", "Crime and Comedy", "by Bo Ray",
    ]  # fmt: skip


def test_words_that_cannot_be_repeated_are_not() -> None:
    assert quotable(" under \u202etwo\n hours. ") == "under two hours"
    assert quotable("x" * 61) == ""
