"""Eight films whose evidence is known by heart."""

from __future__ import annotations

from assistant.state import Evidence, Opinion, UserProfile
from catalog import Catalog, Constraint, Facet, Item, Schema

SCHEMA = Schema(
    name="films",
    noun="film",
    plural="films",
    item_id="item_id",
    title="title",
    texts=("synopsis",),
    facets=(
        Facet("year", "number", "year", "year", role="year", phrase="from {value}", integer=True),
        Facet(
            "runtime_minutes",
            "number",
            "running time",
            "runtime_minutes",
            role="duration",
            phrase="{value} long",
            unit=" min",
            units={"minute": 1, "minutes": 1, "hours": 60},
            integer=True,
        ),
        Facet("genres", "category", "genre", "genres", phrase="in the {value} genre"),
        Facet(
            "directors",
            "people",
            "director",
            "directors",
            phrase="directed by {value}",
            cues=("directed by", "film by", "by", "director"),
        ),
        Facet(
            "cast",
            "people",
            "starring",
            "cast",
            phrase="with {value}",
            cues=("with", "starring", "featuring", "stars", "played by", "acted by"),
        ),
        Facet(
            "mood",
            "category",
            "mood",
            "mood",
            phrase="{value} in mood",
            synonyms={"tense": ("taut", "tension")},
        ),
        Facet("keywords", "category", "about", "keywords", phrase="about {value}", on_card=False),
    ),
)

_ROWS = (
    ("6", "Heat", 1995, 170, "Crime", "Michael Mann", "Al Pacino|Robert De Niro", "tense|moody",
     "heist|obsession", "A detective and a thief find how much they have in common."),
    ("1", "Ronin", 1998, 119, "Thriller|Crime", "John Frankenheimer", "Robert De Niro|Jean Reno",
     "tense|fast-paced", "heist|mercenaries",
     "Hired strangers led by Sam chase a briefcase through Paris, and trust runs out."),
    ("2", "The Insider", 1999, 157, "Drama", "Michael Mann", "Al Pacino|Russell Crowe",
     "tense|serious", "whistleblower", "A chemist talks to a journalist and pays for it."),
    ("3", "The Long Good Friday", 1980, 114, "Crime", "John Mackenzie", "Bob Hoskins", "gritty",
     "gangsters", "A gangster's weekend falls apart."),
    ("4", "Amélie", 2001, 122, "Romance|Comedy", "Jean-Pierre Jeunet", "Audrey Tautou",
     "whimsical", "paris", "A shy waitress improves other people's lives in secret."),
    ("5", "Her", 2013, 126, "Romance|Sci-Fi", "Spike Jonze", "Joaquin Phoenix", "melancholic",
     "loneliness", "A lonely writer falls for a voice."),
    ("7", "The One", 2001, 87, "Action", "James Wong", "Jet Li", "exciting", "multiverse",
     "A man hunts himself across worlds."),
    ("8", "As You Like It", 2006, 127, "Comedy", "Kenneth Branagh", "Kevin Kline", "witty",
     "shakespeare", "Lovers meet in a forest."),
)  # fmt: skip


def catalog() -> Catalog:
    """Return the eight films."""
    items = [
        Item(
            key,
            title,
            {
                "genres": tuple(genres.split("|")),
                "directors": (director,),
                "cast": tuple(cast.split("|")),
                "mood": tuple(mood.split("|")),
                "keywords": tuple(keywords.split("|")),
            },
            {"year": year, "runtime_minutes": minutes},
            texts={"synopsis": synopsis},
        )
        for key, title, year, minutes, genres, director, cast, mood, keywords, synopsis in _ROWS
    ]
    return Catalog.build(SCHEMA, items)


def profile() -> UserProfile:
    """Return a person who likes Heat and The Insider, under two hours, no horror."""
    return UserProfile(
        likes=(Opinion("6", "Heat", 1), Opinion("2", "The Insider", 1)),
        constraints=(
            Constraint("runtime_minutes", "<=", 119, 1, "under two hours"),
            Constraint("genres", "!=", "Horror", 1, "no horror"),
        ),
    )


def slate() -> tuple[Evidence, ...]:
    """Return the evidence for Ronin: behaviour, what it shares, a wish and the two conditions."""
    from assistant.evidence import evidence_for
    from ranking.scoring import Scored, Term

    terms = (
        Term("collaborative", 1.2, ("6", "2")),
        Term("content", 0.8, ("6",)),
        Term("preferences", 0.5, ("mood:tense",)),
    )
    return evidence_for([Scored(1, 2.5, terms)], profile(), catalog(), "a heist gone wrong")
