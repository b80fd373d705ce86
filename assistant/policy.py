"""Whether to ask: only what can change the top of the slate is worth a person's time.

Owns: `next_question`. Does not own: the questions' words, which come from the schema.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.state import Question, Session, UserProfile
from catalog import Catalog, Facet
from ranking.scoring import Scored


@dataclass(frozen=True, slots=True)
class PolicyConfig:
    """When to ask.

    Attributes
    ----------
    enough : int
        Ask nothing once this many likes, wishes, conditions and topics are known.
    options : int
        How many answers to offer.
    bonus : float
        Score that a matching answer is taken to add: the weight of one wish.
    least_change : float
        Expected share of the slate that an answer must replace, in [0, 1].
    """

    enough: int = 3
    options: int = 4
    bonus: float = 1.0
    least_change: float = 0.4


def next_question(
    session: Session,
    profile: UserProfile,
    scored: Sequence[Scored],
    catalog: Catalog,
    k: int,
    config: PolicyConfig = PolicyConfig(),
) -> Question | None:
    """Return the question whose answer is expected to change the slate most, or None.

    Never two in a row; never about a facet that the person has spoken on. For each answer that
    the best candidates offer, the pool is scored again with that wish granted; the change is the
    share of the first `k` that is replaced, averaged over the answers by how common they are.

    Parameters
    ----------
    scored : sequence of Scored
        The ranked pool, best first.
    k : int
        Size of the slate.
    """
    known = len(profile.likes) + len(profile.preferences) + len(profile.constraints)
    if known + len(profile.topics) >= config.enough or len(scored) <= k:
        return None
    if session.turns and session.turns[-1].question is not None:
        return None
    spoken = {entry.facet for entry in (*profile.preferences, *profile.constraints)}
    best: tuple[float, Question] | None = None
    for facet in catalog.schema.facets:
        if not facet.question or facet.name in spoken or facet.kind == "number":
            continue
        change, options = _expected_change(facet, scored, catalog, k, config)
        if change >= config.least_change and (best is None or change > best[0]):
            best = (change, Question(facet.question, facet.name, options))
    return None if best is None else best[1]


def _expected_change(
    facet: Facet, scored: Sequence[Scored], catalog: Catalog, k: int, config: PolicyConfig
) -> tuple[float, tuple[str, ...]]:
    values = [catalog.items[entry.row].labels.get(facet.name, ()) for entry in scored]
    counts = Counter(value for entry in values for value in entry)
    options = [value for value, _ in counts.most_common(config.options)]
    if len(options) < 2:
        return 0.0, ()
    total = sum(counts[value] for value in options)
    before = {entry.row for entry in scored[:k]}
    change = 0.0
    for value in options:
        granted = sorted(
            range(len(scored)),
            key=lambda i: -(scored[i].score + (config.bonus if value in values[i] else 0.0)),
        )
        after = {scored[i].row for i in granted[:k]}
        change += counts[value] / total * len(after - before) / k
    return change, tuple(options)
