"""The API tried against its own description, by schemathesis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.ui.api.conftest import api_client, opened
from tests.ui.api.test_doors import credentials
from ui.api import create_api
from ui.desk import desk_of
from ui.service import Service

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BASE = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def whole(service: Service) -> Service:
    """With people who take over, so that their routes are behind no shut door."""
    return replace(service, desk=desk_of(service.database, service.assistant.catalog))


@pytest.fixture(scope="module")
def api(whole: Service) -> Any:
    return create_api(whole)


@pytest.fixture(scope="module")
def opener(whole: Service) -> Iterator[TestClient]:
    with api_client(whole) as client:
        yield client


def try_all(api: Any, call: Callable[[Any], None], examples: int) -> None:
    """Call every operation of `api`, rightly and wrongly, so many times each."""
    bounds = settings(
        max_examples=examples, derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    document = schemathesis.openapi.from_asgi("/openapi.json", api)
    for result in document.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            with suppress(Unsatisfiable):  # where nothing is sent, nothing can be wrong
                bounds(given(result.ok().as_strategy(mode))(call))()


def attempt(case: Any, headers: dict[str, str]) -> int:
    if case.query and "wait" in case.query:
        case.query["wait"] = 0
    answer = case.call_and_validate(BASE, headers=headers, checks=CHECKS)
    return int(answer.status_code)


def test_behind_the_door_every_answer_is_as_described(api: Any, opener: TestClient) -> None:
    tried: dict[str, Counter[int]] = {}
    opens: dict[str, tuple[str, dict[str, str]]] = {}

    def inside(case: Any) -> None:
        label = case.operation.label
        if label not in opens or case.method == "DELETE":
            opens[label] = opened(opener)
        path, token = opens[label]
        if "session_id" in case.path_parameters:
            case.path_parameters["session_id"] = path.rpartition("/")[2]
        here = {**credentials(case.operation.definition.raw, token), "X-Vouch-Site": "local"}
        status = attempt(case, here)
        tried.setdefault(label, Counter())[status] += 1

    try_all(api, inside, examples=4)
    assert len(tried) > 10
    assert sum(200 in answers for answers in tried.values()) > len(tried) / 2


def test_before_the_door_as_well(api: Any) -> None:
    answers: Counter[int] = Counter()

    def outside(case: Any) -> None:
        answers[attempt(case, {})] += 1

    try_all(api, outside, examples=2)
    assert answers[401] > 10
