import threading
import time

import pytest

from geodata.errors import DataError
from planning.stopping import Progress
from views.parts import jobs
from views.parts.jobs import Cancelled, Jobs


def test_two_visitors_share_one_run():
    calls = []
    gate = threading.Event()

    def work(progress):
        calls.append(1)
        progress(Progress(0.5, "à mi-chemin"))
        assert gate.wait(5)
        return "fait"

    jobs = Jobs(keep=2)
    first, second = jobs.get("a", work), jobs.get("a", work)
    assert first is second
    assert not first.wait(0.05)
    gate.set()
    assert first.wait(5)
    assert first.result() == "fait"
    assert first.progress.message == "à mi-chemin"
    assert calls == [1]


def test_a_failed_run_gives_its_error_and_can_be_tried_again():
    outcomes = [DataError("non"), "oui"]

    def work(progress):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    jobs = Jobs(keep=2)
    job = jobs.get("a", work)
    assert job.wait(5)
    with pytest.raises(DataError):
        job.result()
    again = jobs.get("a", work)
    assert again.wait(5)
    assert again.result() == "oui"


def test_a_run_can_be_stopped():
    started = threading.Event()

    def work(progress):
        while True:
            progress(Progress(0.1, "encore"))
            started.set()

    job = Jobs(keep=2).get("a", work)
    assert started.wait(5)
    job.cancel()
    assert job.wait(5)
    with pytest.raises(Cancelled):
        job.result()


def test_only_the_latest_are_kept():
    jobs = Jobs(keep=2)
    for key in "abcd":
        assert jobs.get(key, str).wait(5)
    calls = []
    jobs.get("a", lambda _: calls.append(1)).wait(5)
    jobs.get("d", lambda _: calls.append(2)).wait(5)
    assert calls == [1]


def test_a_run_that_another_page_follows_goes_on():
    gate = threading.Event()

    def work(progress):
        assert gate.wait(5)
        progress(Progress(0.9, "presque"))
        return "fait"

    job = Jobs(keep=2).get("a", work)
    with job.followed():
        job.cancel()
        gate.set()
        assert job.wait(5)
    assert job.result() == "fait"


def test_a_run_that_keeps_gives_its_best_when_asked():
    started = threading.Event()

    def work(progress, enough):
        best = 0
        while not enough():
            best += 1
            progress(Progress(0.1, f"{best}"))
            started.set()
        return best

    jobs = Jobs(keep=2)
    job = jobs.get("a", work, keeps=True)
    assert started.wait(5)
    with job.followed():
        job.finish()  # another page waits
        assert not job.wait(0.05)
    job.finish()
    assert job.wait(5)
    assert job.result() >= 1
    assert jobs.get("a", work, keeps=True) is job
    jobs.forget("a")
    assert jobs.peek("a") is None


def test_few_runs_go_at_once_and_the_others_wait_their_turn():
    gate, going, most = threading.Event(), [], []

    def slow(_told):
        going.append(1)
        most.append(len(going))
        gate.wait(5)
        going.pop()
        return 1

    runs = Jobs(keep=9)
    every = [runs.get(str(k), slow) for k in range(5)]
    waiting = [job for job in every if not job.wait(0.2)]
    assert len(waiting) == 5
    assert sum("En attente" in job.progress.message for job in every) == 5 - jobs.AT_ONCE
    late = next(job for job in every if "En attente" in job.progress.message)
    late.cancel()
    assert late.wait(2)  # a run may be stopped before its turn
    gate.set()
    assert all(job.wait(5) for job in every)
    assert max(most) <= jobs.AT_ONCE


def test_a_page_that_asks_while_it_still_waits_is_heard():
    """The framework runs a button's callback before it ends the run that waits."""
    told = threading.Event()

    def work(progress):
        while not told.wait(0.01):
            progress(Progress(0.5, "…"))

    job = Jobs(keep=2).get("a", work)

    def page():
        with job.followed():
            time.sleep(0.3)

    waiting = threading.Thread(target=page)
    waiting.start()
    time.sleep(0.05)
    job.cancel()
    assert job.stopping
    assert job.wait(5)
    told.set()
    waiting.join()
