"""A report as tables for a terminal.

Owns: `text_of`. Does not own: what it says (`evaluation.ratings.report`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap

from evaluation.ratings.judging import VARIETY
from evaluation.ratings.report import Cost, RatingsReport, Result, Table

WIDTH = 120
"""Columns, at most."""

# The measures beside NDCG@10 as columns; with one right answer each, the first four say the same.
_SHORT = {
    "precision@10": "P@10", "f1@10": "F1", "hit_rate@10": "Hit", "recall@10": "R@10",
    "recall@50": "R@50", "map@10": "MAP", "mrr": "MRR", "auc": "AUC",
}  # fmt: skip
_SAME_FOR_ONE = ("precision@10", "f1@10", "hit_rate@10")


def text_of(report: RatingsReport) -> str:
    """Return `report` as one table per protocol and setting, of at most `WIDTH` columns."""
    data = report.data
    lines = [
        f"{data.name}: {data.people:,} people, {data.items:,} items, {data.interactions:,} "
        f"interactions, seed {report.seed}",
        f"NDCG@10 with its 95% interval over people; differs: from {report.reference}, * if the "
        "interval is without 0",
    ]
    for name, why in report.left_out.items():
        lines += wrap(f"left out: {name}: {why}", WIDTH, subsequent_indent="  ")
    for table in report.tables:
        lines += ["", *_table_lines(table)]
    if report.predictions:
        lines += ["", "Values given after the time split, predicted"]
        lines += [f"{'':<18}{'MAE':<24}RMSE"]
        lines += [f"{one.model:<18}{one.mae!s:<24}{one.rmse!s}" for one in report.predictions]
    if report.costs:
        lines += ["", *_cost_lines(report.costs)]
    return "\n".join(lines)


def _table_lines(table: Table) -> list[str]:
    single = table.people == table.answers
    names = [name for name in _SHORT if not (single and name in _SAME_FOR_ONE)]
    setting = "" if table.setting == "all" else f", {table.setting}"
    head = f"{'model':<15}{'NDCG@10':<18}{'differs':<8}"
    head += "".join(f"{_SHORT[name]:>6}" for name in names)
    head += "".join(f"{name:>6}" for name in ("cover", "tail", "Gini", "ILD")) + f"{'bits':>6}"
    answers = "one right answer each" if single else f"{table.answers:,} right answers"
    first = f"{table.protocol}{setting}: {table.people:,} people, {answers}"
    return [first, head, *(_line(result, names) for result in table.results)]


def _line(result: Result, names: Sequence[str]) -> str:
    ndcg = result.measures["ndcg@10"]
    gap = result.difference.get("ndcg@10")
    differs = ""
    if gap is not None:
        sign = "-" if gap.mean < 0 else "+"
        star = "*" if gap.low > 0 or gap.high < 0 else ""
        differs = f"{sign}{_short(abs(gap.mean))}{star}"
    cells = [result.measures[name].mean for name in names]
    cells += [result.coverage, result.long_tail, result.gini, result.measures[VARIETY[0]].mean]
    return (
        f"{result.model[:14]:<15}"
        f"{_short(ndcg.mean) + f' [{_short(ndcg.low)} {_short(ndcg.high)}]':<18}{differs:<8}"
        + "".join(f"{_short(cell):>6}" for cell in cells)
        + f"{result.measures[VARIETY[1]].mean:>6.1f}"
    )


def _short(value: float) -> str:
    """Return three decimals without the zero before them: ``.062``, ``1.000``, ``-``."""
    if math.isnan(value):
        return "-"
    text = f"{value:.3f}"
    return text[1:] if text.startswith("0.") else text


def _cost_lines(costs: Sequence[Cost]) -> list[str]:
    protocols = list(dict.fromkeys(cost.protocol for cost in costs))
    found = {(cost.model, cost.protocol): cost for cost in costs}
    lines = [
        "Seconds of a fit, milliseconds of a fold-in",
        f"{'model':<15}" + "".join(f"{protocol:>20}" for protocol in protocols),
    ]
    for model in dict.fromkeys(cost.model for cost in costs):
        cells = [found[model, protocol] for protocol in protocols]
        lines.append(
            f"{model[:14]:<15}"
            + "".join(f"{f'{cost.fit_s:.2f} s {cost.fold_in_ms:.2f} ms':>20}" for cost in cells)
        )
    return lines
