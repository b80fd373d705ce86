"""The closed world: lies that must be refused, truths that must pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import Grounding
from assistant.sentences import SentenceSplitter
from assistant.state import Evidence, Fact
from tests.assistant import small_films

# {like1} is Heat, {like2} is The Insider; the pick is Ronin (1998, 119 min, Thriller and Crime,
# John Frankenheimer, Robert De Niro and Jean Reno, tense and fast-paced; shares De Niro with Heat).
LIES = {
    "titles": [
        "People who liked Heat also liked {pick}.",
        "Ronin is tense, as you asked.",
        "If {pick} is tense, then so is Blorptown Nights.",
        "{pick} is a lot like the long good friday.",
        "Watch The Long Good Friday instead of {pick}.",
        "{pick} keeps to the mood of The Insider.",
        "Heat and {pick} share Robert De Niro.",
        "{pick} is like as you like it.",
        "It goes well with blorptown nights.",
        "Amélie is close to {pick}.",
    ],
    "people": [
        "{pick} brings Al Pacino, as you asked.",
        "{pick} is directed by Michael Mann.",
        "{pick} is directed by Robert De Niro.",
        "{pick} is directed by John Frankenheimer and Jean Reno.",
        "Jean Reno directs {pick}.",
        "{pick} stars John Frankenheimer.",
        "John Frankenheimer acted in {pick}.",
        "John Frankenheimer stars in {pick}.",
        "{pick} is by Jean Reno.",
        "{pick} has al pacino.",
        "{pick} was written by Robert De Niro.",
        "{pick} has Robert Reno in it.",
        "Produced by John Frankenheimer, {pick} is tense.",
        "You can see scorsese in {pick}.",
        "Zork Blatherby is in {pick}.",
        "{pick} is directed by {like1}.",
        "{pick} is directed by Sam.",
        "Starring Sam, {pick} is tense.",
        "It takes place in London.",
    ],
    "numbers": [
        "{pick} is from 1997.",
        "{pick} is 118 minutes long.",
        "{pick} is ninety minutes long.",
        "At 119 minutes and 45 seconds, {pick} fits.",
        "{pick} is one of two films you asked for.",
        "1998 people liked {pick}.",
        "{pick} gets 9 out of ten.",
        "{pick} is from the 1980s.",
        "{pick} is the 3rd pick.",
        "{pick} is 119 hours long.",
        "{pick} is one hundred minutes long.",
        "{pick} is half as long as {like1}.",
    ],
    "claims": [
        "{pick} won an Oscar.",
        "{pick} won an award.",
        "{pick} is based on a true story.",
        "{pick} is the best film ever.",
        "Critics loved {pick}.",
        "{pick} is a sequel to {like1}.",
        "{pick} was a box office hit.",
        "{pick} is a masterpiece.",
        "Everyone liked {pick}.",
        "{pick} is not tense.",
        "{pick} is never tense.",
        "{pick} isn't tense.",
        "{pick} is a gentle comedy about puppies.",
        "{pick} is in the Horror genre.",
        "{pick} is a horror film.",
        "{pick} is violent, as you asked.",
        "{pick} is the most popular pick.",
        "{pick} is longer than {like1}.",
        "{pick} is a family's journey through a world of war.",
        "{pick} is free to watch.",
        "{pick} costs $5.",
    ],
    "relations": [
        "You liked {pick}, and it is tense.",
        "{pick} shares Robert De Niro with {like2}.",
        "{pick} and {like2} have the same director.",
        "Like {like2}, {pick} has Jean Reno.",
        "You asked for Jean Reno, and {pick} has him.",
        "{pick} has Robert De Niro, like {like3}.",
        "{pick} is close to {other}.",
        "{pick} is like {{like1}}.",
        "{like1}2 is like {pick}.",
    ],
    "quotes": [
        "{pick} is “tense beyond words”.",
        'A friend calls it "just right".',
    ],
    "markup": [
        "<b>{pick}</b> is tense.",
        "<script>alert(1)</script> {pick} is tense.",
        "{pick} is [tense](http://evil.example).",
        "See http://evil.example for {pick}.",
        "See evil.example for {pick}.",
        "See www.evil.example for {pick}.",
        "Write to me@evil.example about {pick}.",
        "{pick} is `tense`.",
        "{pick} is **tense**.",
        "{pick} is &lt;b&gt;tense.",
        "{pick} is tense; javascript:alert(1).",
        "# {pick} is tense.",
        "{pick} is tense \\u0041.",
    ],
    "unicode": [
        "{pick} is t\u0435nse.",
        "{pick} is te\u200bnse.",
        "{pick} is \u202etense.",
        "{pick} is ｔense.",
        "{pick} is tense\u2066 as asked.",
        "{pick} is tense \U0001f600.",
        "{pick} is \u0430 fit.",
        "{pick} is tense\x00.",
        "{pick} is t\u0301ense.",
        "{pick} is tense\u00a0indeed.",
    ],
    "length": ["{pick} is tense, " + "and it is tense " * 30 + "as asked."],
}  # fmt: skip

TRUTHS = [
    "{pick} is tense, as you asked.",
    "People who liked {like1} and {like2} also liked {pick}.",
    "People who liked {like1} also liked it.",
    "It shares Robert De Niro with {like1}.",
    "Like {like1}, {pick} has Robert De Niro.",
    "{pick} is from 1998.",
    "It is a film from the 1990s.",
    "It is a 1998 thriller.",
    "{pick} is 119 minutes long.",
    "{pick} is 119 min long, under two hours.",
    "At 119 minutes, {pick} stays under two hours.",
    "It's under two hours.",
    "{pick} is directed by John Frankenheimer.",
    "{pick}, directed by John Frankenheimer, stars Robert De Niro and Jean Reno.",
    "John Frankenheimer directs, with Robert De Niro and Jean Reno in the cast.",
    "With Jean Reno and Robert De Niro, {pick} is a tense choice.",
    "De Niro is here, as he is in {like1}.",
    "{pick}'s mood is tense and fast-paced.",
    "You asked for something tense, and {pick} delivers it.",
    "You wanted something under two hours, and this is 119 minutes.",
    "There is no horror in it.",
    "It is tense, without horror.",
    "{pick} keeps clear of horror.",
    "Strangers chase a briefcase through Paris.",
    "A briefcase is chased through Paris, and trust runs out.",
    "{pick} is a tense thriller in which hired strangers chase a briefcase.",
    "If you enjoyed {like1}, {pick} should suit you: both have Robert De Niro.",
    "This one is a crime thriller.",
    "A crime film with tension, it follows hired strangers.",
    "It is a good match for your request: tense and under two hours.".replace("good", "close"),
    "Viewers who enjoyed {like2} often liked {pick} too.",
    "Often liked along with {like1} and {like2}, it is tense as well.",
    "Fans of {like1} also enjoyed {pick}.",
    "The mood is tense, which is what you asked for.",
    "{pick} — tense and fast-paced — fits what you told me.",
    "What it has in common with {like1} is Robert De Niro.",
    "Robert De Niro links it to {like1}.",
    "I'd suggest {pick}: it's tense.",
    "You'll find Jean Reno in it, too.",
    "The same Robert De Niro that you know from {like1} is in {pick}.",
    "It also meets your limit: 119 minutes is under two hours.",
    "A heist runs through it, as it does in {like1}.",
    "It's taut, and Robert De Niro is in it.",
    "{like1} and {pick} share a heist.",
]


@pytest.fixture(scope="module")
def grounding() -> Grounding:
    return Grounding(small_films.catalog())


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return small_films.slate()[0]


@pytest.mark.parametrize("lie", [lie for lies in LIES.values() for lie in lies])
def test_refuses_a_lie(grounding: Grounding, evidence: Evidence, lie: str) -> None:
    verdict = grounding.check(lie, evidence)
    assert not verdict.ok
    assert verdict.unsupported


@pytest.mark.parametrize("truth", TRUTHS)
def test_lets_a_truth_pass(grounding: Grounding, evidence: Evidence, truth: str) -> None:
    assert grounding.check(truth, evidence).unsupported == ()


NUMBERS = st.integers(0, 9999).filter(lambda n: n not in (1998, 119, 1990, 90))


@given(number=NUMBERS)
def test_no_other_number_passes(number: int) -> None:
    grounding, evidence = Grounding(small_films.catalog()), small_films.slate()[0]
    assert not grounding.check(f"{{pick}} is {number} minutes long.", evidence).ok
    assert not grounding.check(f"It is from {number}.", evidence).ok


@given(text=st.text(max_size=80))
def test_whatever_passes_is_plain_text(text: str) -> None:
    grounding, evidence = Grounding(small_films.catalog()), small_films.slate()[0]
    if grounding.check(text, evidence).ok:
        assert not set(text) & set("<>[]`*_#|\\@/=&")
        assert text.isprintable()


@given(
    words=st.lists(st.sampled_from([*TRUTHS[0].split(), "Ronin", "Oscar", "7", "<b>"]), min_size=1)
)
def test_a_lie_is_found_wherever_it_stands(words: list[str]) -> None:
    grounding, evidence = Grounding(small_films.catalog()), small_films.slate()[0]
    if {"Ronin", "Oscar", "7", "<b>"} & set(words):
        assert not grounding.check(" ".join(words), evidence).ok


def test_what_the_person_avoids_supports_nothing() -> None:
    fact = Fact("constraint", "genres", ("no Horror",), text="no Horror, as you asked")
    grounding, evidence = Grounding(small_films.catalog()), Evidence(1, "1", (fact,))
    assert grounding.check("It has no horror.", evidence).ok
    assert not grounding.check("It has horror.", evidence).ok
    assert not grounding.check("It has no crime.", evidence).ok


def test_a_longer_stretch_says_what_a_shorter_one_in_it_says() -> None:
    asked = Fact("constraint", "mood", ("tense in mood",), text="tense in mood, as you asked")
    shared = Fact("shared", "mood", ("tense",), ("6",), "tense in mood, like Heat")
    grounding, evidence = Grounding(small_films.catalog()), Evidence(1, "1", (asked, shared))
    assert grounding.check("Tense in mood, like {like1}.", evidence).ok
    assert not grounding.check("Tense in mood, like {like2}.", evidence).ok
    assert not grounding.check("Tense in mood, like {like1}.", Evidence(1, "1", (asked,))).ok


def test_sentences_come_whole_from_a_stream_of_any_grain() -> None:
    text = "{pick} is tense. It's 9.5 hours, e.g. long!\nNew line? Yes"
    want = ["{pick} is tense.", "It's 9.5 hours, e.g.", "long!", "New line?", "Yes"]
    for grain in (1, 3, 100):
        splitter = SentenceSplitter()
        got: list[str] = []
        for start in range(0, len(text), grain):
            got.extend(splitter.feed(text[start : start + grain]))
        assert [*got, *splitter.close()] == want


def test_a_sentence_does_not_end_in_a_name() -> None:
    text = "J.J. Abrams and c. s. lewis wrote it. Robert Downey Jr. plays St. Francis. It is long."
    splitter = SentenceSplitter()
    assert [*splitter.feed(text), *splitter.close()] == [
        "J.J. Abrams and c. s. lewis wrote it.",
        "Robert Downey Jr. plays St. Francis.",
        "It is long.",
    ]
