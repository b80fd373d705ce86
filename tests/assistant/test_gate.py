"""Who waits longest goes next, and no more than so many are inside."""

from __future__ import annotations

from threading import Event, Thread
from time import monotonic, sleep

import pytest

from assistant.gate import Gate


def _until(waiting: list[int], number: int) -> None:
    deadline = monotonic() + 5
    while len(waiting) < number:
        assert monotonic() < deadline
        sleep(0.001)


def test_those_who_wait_go_in_the_order_in_which_they_came() -> None:
    gate, came, went = Gate(1), list[int](), list[int]()

    def _go(number: int) -> None:
        came.append(number)
        with gate:
            went.append(number)

    threads = [Thread(target=_go, args=(number,)) for number in range(8)]
    with gate:
        for number, thread in enumerate(threads):
            thread.start()
            _until(came, number + 1)
            sleep(0.01)  # from there to the gate
    # Whoever comes now comes last, however quick.
    _go(8)
    for thread in threads:
        thread.join(5)

    assert went == list(range(9))


def test_no_more_than_so_many_are_inside() -> None:
    gate, leave, inside, most = Gate(2), Event(), set[int](), list[int]()

    def _go(number: int) -> None:
        with gate:
            inside.add(number)
            most.append(len(inside))
            leave.wait(5)
            inside.discard(number)

    threads = [Thread(target=_go, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    _until(most, 2)
    sleep(0.05)
    leave.set()
    for thread in threads:
        thread.join(5)

    assert len(most) == 6
    assert max(most) == 2


def test_an_error_inside_lets_the_next_one_in() -> None:
    gate = Gate(1)
    with pytest.raises(ValueError, match="inside"), gate:
        raise ValueError("inside")

    went = Thread(target=gate.__enter__)
    went.start()
    went.join(5)
    assert not went.is_alive()
