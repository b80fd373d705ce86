"""The measure of a language model: what it counts, on slates that anyone can draw again."""

from __future__ import annotations

import pytest

from catalog import Catalog
from evaluation.explanations import film_slates, measure, noted_films
from tests.scripted_model import ScriptedChatModel


@pytest.fixture(scope="module")
def noted() -> Catalog:
    return noted_films()


def test_slates_are_drawn_again_from_the_seed(noted: Catalog) -> None:
    assert film_slates(noted, 3, seed=1) == film_slates(noted, 3, seed=1)
    assert film_slates(noted, 3, seed=1) != film_slates(noted, 3, seed=2)


def test_counts_the_picks_told_in_the_models_words(noted: Catalog) -> None:
    slates = film_slates(noted, 2)
    answer = "1: People who liked {like1} also liked {pick}.\n2: {pick} won an Oscar.\n"
    report = measure(ScriptedChatModel([answer]), slates, noted)
    assert (report.slots, report.accepted, report.share) == (10, 2, 0.2)
    assert len(report.seconds) == 2
    assert report.warnings == 0


def test_a_template_sentence_of_every_slot_passes_the_check_itself(noted: Catalog) -> None:
    """What the templates say is what a model may say: the two can never disagree."""
    from assistant.evidence import liked
    from assistant.facts import describe
    from assistant.grounding import Grounding
    from assistant.phrasebook import phrasebook

    grounding = Grounding(noted)
    book = phrasebook("en", noted.schema)
    for slate in film_slates(noted, 40, seed=3):
        for evidence in slate.evidence:
            names = {key: f"{{like{n}}}" for n, key in enumerate(liked(evidence), start=1)}
            for fact in evidence.facts:
                told = f"{{pick}} - {describe(fact, book, names)}."
                assert grounding.check(told, evidence).unsupported == (), told
