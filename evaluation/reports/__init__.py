"""Reports of evaluation runs: a file and a page for each, two runs compared, the whole suite."""

from evaluation.reports.compare import Comparison, compare
from evaluation.reports.kinds import page_of
from evaluation.reports.page import Page, render, write_page
from evaluation.reports.run_file import RunFile, read_run, write_run

__all__ = [
    "Comparison",
    "Page",
    "RunFile",
    "compare",
    "page_of",
    "read_run",
    "render",
    "write_page",
    "write_run",
]
