import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from geodata.errors import DataError
from planning import proposal_steps, proposals
from planning.events import Author, ConflictError, Stream
from planning.proposal_content import Content, changes
from planning.scenario import Scenario
from planning.store import Store

ROOT = Path(__file__).parents[2]
PREFECT = Author("Préfète de l'Allier", True)
SECRETARY = Author("Secrétaire général", True)
PLANNER = Author("ANCT", True)
CONTENT = Content(
    scenario=Scenario(territory="03", positions=30),
    data_versions={"communes": "2026"},
    base={"03190": 4, "03310": 2},
    positions={"03190": 3, "03310": 3},
    locked=frozenset({"03310"}),
)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "registre.sqlite3")


def test_a_proposal_goes_its_way(store):
    draft = proposals.save(store, CONTENT, PREFECT)
    assert (draft.state, draft.content, draft.version) == ("draft", CONTENT, 1)
    assert draft.sent is None
    sent = proposals.submit(store, CONTENT, PREFECT, draft)
    back = proposals.give_back(store, sent, " Un poste à Vichy. ", PLANNER)
    assert (back.state, back.reason, back.editable) == ("returned", "Un poste à Vichy.", True)
    other = replace(CONTENT, positions={"03190": 2, "03310": 4})
    kept = proposals.save(store, other, PREFECT, back)
    assert kept.state == "returned"  # saved, not sent again yet
    assert (kept.content, kept.sent) == (other, CONTENT)
    again = proposals.submit(store, other, PREFECT, kept)
    assert again.state == "resubmitted"
    done = proposals.accept(store, again, PLANNER)
    assert (done.state, done.content, done.editable) == ("accepted", other, False)
    assert [(one.kind, one.author) for one in done.history] == [
        ("saved", PREFECT), ("submitted", PREFECT), ("returned", PLANNER),
        ("saved", PREFECT), ("submitted", PREFECT), ("accepted", PLANNER),
    ]  # fmt: skip
    assert proposals.reopen(store, done.id) == done


def test_what_was_submitted_can_be_taken_back_and_sent_again(store):
    sent = proposals.submit(store, CONTENT, PREFECT)
    back = proposals.withdraw(store, sent, PREFECT)
    assert (back.state, back.editable, back.waiting) == ("withdrawn", True, False)
    assert back.sent == CONTENT  # the planner has read it: it stays in the register
    for answer in (partial(proposals.give_back, reason="Non"), proposals.accept):
        with pytest.raises(DataError, match="retirée"):
            answer(store, back, author=PLANNER)
    other = replace(CONTENT, positions={"03190": 6})
    kept = proposals.save(store, other, SECRETARY, back)
    assert (kept.state, kept.sent) == ("withdrawn", CONTENT)
    again = proposals.submit(store, other, SECRETARY, kept)
    assert (again.state, again.sent, again.sender) == ("resubmitted", other, SECRETARY)
    assert [(one.kind, one.author) for one in again.history] == [
        ("submitted", PREFECT), ("withdrawn", PREFECT), ("saved", SECRETARY),
        ("submitted", SECRETARY),
    ]  # fmt: skip


def test_a_draft_is_discarded_and_brought_back(store):
    draft = proposals.save(store, CONTENT, PREFECT)
    gone = proposals.discard(store, draft, PREFECT)
    assert (gone.state, gone.editable) == ("discarded", False)
    with pytest.raises(DataError, match="supprimé"):
        proposals.save(store, CONTENT, PREFECT, gone)
    back = proposals.restore(store, gone, PREFECT)
    assert (back.state, back.content) == ("draft", CONTENT)


@pytest.mark.parametrize("other", [SECRETARY, PLANNER, replace(PREFECT, authenticated=False)])
def test_only_its_author_takes_a_proposal_back_or_discards_it(store, other):
    sent = proposals.submit(store, CONTENT, PREFECT)
    draft = proposals.save(store, CONTENT, PREFECT)
    gone = proposals.discard(store, proposals.save(store, CONTENT, PREFECT), PREFECT)
    for step, one in (
        (proposals.withdraw, sent), (proposals.discard, draft), (proposals.restore, gone),
    ):  # fmt: skip
        with pytest.raises(DataError, match="Seul l'auteur") as refused:
            step(store, one, other)
        assert refused.value.remedy
        assert proposals.reopen(store, one.id) == one


def test_answered_while_it_was_being_withdrawn(store):
    sent = proposals.submit(store, CONTENT, PREFECT)
    done = proposals.accept(store, sent, PLANNER)
    with pytest.raises(ConflictError) as conflict:
        proposals.withdraw(store, sent, PREFECT)
    assert conflict.value.newer == done.history[1:]
    assert proposals.reopen(store, sent.id) == done


def test_two_processes_end_a_proposal_once(store):
    """One withdraws, the other accepts, at once: exactly one of them is written."""
    for _ in range(2):
        sent = proposals.submit(store, CONTENT, PREFECT)
        runs = [spawn(END, store.path, sent.id, step) for step in ("withdraw", "accept")]
        assert [one.stdout.readline().strip() for one in runs] == ["read"] * 2
        said = sorted(one.communicate("\n", timeout=60)[0].strip() for one in runs)
        now = proposals.reopen(store, sent.id)
        assert said[0] == "ConflictError"
        assert [event.kind for event in now.history] == ["submitted", said[1]]


def test_a_kill_leaves_whole_steps(store):
    """A process that withdraws and submits again and again is killed: what it wrote stands."""
    sent = proposals.submit(store, CONTENT, PREFECT)
    run = spawn(FOREVER, store.path, sent.id)
    told = [int(run.stdout.readline()) for _ in range(6)][-1]
    run.kill()
    run.communicate(timeout=60)
    now = proposals.reopen(Store(store.path), sent.id)
    assert now.version in (told, told + 1, told + 2)  # nothing told is lost
    assert [event.kind for event in now.history] == [
        "withdrawn" if number % 2 else "submitted" for number in range(now.version)
    ]
    step = proposals.withdraw if now.waiting else partial(proposals.submit, content=CONTENT)
    step(store=store, proposal=now, author=PREFECT)


OPENED = """
import sys
from pathlib import Path
from planning import proposal_steps, proposals
from planning.events import Author, ConflictError
from planning.store import Store

who, store = Author("Préfète de l'Allier", True), Store(Path(sys.argv[1]))
one = proposals.reopen(store, sys.argv[2])
"""
END = (
    OPENED
    + """
print("read", flush=True)
sys.stdin.readline()  # the other one has read the same
try:
    now = getattr(proposals, sys.argv[3])(store, one, who)
    print(now.history[-1].kind)
except ConflictError:
    print("ConflictError")
"""
)
FOREVER = (
    OPENED
    + """
while True:
    one = proposals.withdraw(store, one, who)
    one = proposals.submit(store, one.content, who, one)
    print(one.version, flush=True)
"""
)


def spawn(script, *arguments):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


STEPS = proposal_steps.STEPS
ALLOWED = {
    (None, "saved"): "draft",
    (None, "submitted"): "submitted",
    ("draft", "saved"): "draft",
    ("draft", "submitted"): "submitted",
    ("submitted", "returned"): "returned",
    ("submitted", "accepted"): "accepted",
    ("returned", "saved"): "returned",
    ("returned", "submitted"): "resubmitted",
    ("resubmitted", "returned"): "returned",
    ("resubmitted", "accepted"): "accepted",
    ("accepted", "reopened"): "resubmitted",
    ("submitted", "withdrawn"): "withdrawn",
    ("resubmitted", "withdrawn"): "withdrawn",
    ("withdrawn", "saved"): "withdrawn",
    ("withdrawn", "submitted"): "resubmitted",
    ("draft", "discarded"): "discarded",
    ("discarded", "restored"): "draft",
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", [None, *proposal_steps.STATE_FR])
def test_every_step_is_allowed_or_refused_in_words(state, step):
    if (state, step) in ALLOWED:
        assert proposal_steps.next_state(state, step) == ALLOWED[state, step]
        return
    with pytest.raises(DataError, match=proposal_steps.STEP_FR[step]) as refused:
        proposal_steps.next_state(state, step)
    assert refused.value.remedy


def test_two_prefects_at_once(store):
    first = proposals.save(store, CONTENT, PREFECT)
    theirs = replace(CONTENT, positions={"03190": 1})
    proposals.save(store, theirs, SECRETARY, first)
    mine = replace(CONTENT, positions={"03310": 6})
    with pytest.raises(ConflictError) as conflict:
        proposals.save(store, mine, PREFECT, first)
    (newer,) = conflict.value.newer
    assert newer.author == SECRETARY
    assert Content.from_payload(newer.payload) == theirs
    # Mine is kept as a new version; theirs stays in the history.
    latest = proposals.save(store, mine, PREFECT, proposals.reopen(store, first.id))
    assert latest.content == mine
    assert [Content.from_payload(one.payload) for one in latest.history] == [CONTENT, theirs, mine]


def test_accepted_while_it_was_being_returned(store):
    sent = proposals.submit(store, CONTENT, PREFECT)
    proposals.accept(store, sent, PLANNER)
    with pytest.raises(ConflictError):
        proposals.give_back(store, sent, "Trop tard", PLANNER)
    with pytest.raises(DataError, match="acceptée"):
        proposals.give_back(store, proposals.reopen(store, sent.id), "Trop tard", PLANNER)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 4001])
def test_a_reason_is_needed(store, reason):
    sent = proposals.submit(store, CONTENT, PREFECT)
    with pytest.raises(DataError, match="pourquoi"):
        proposals.give_back(store, sent, reason, PLANNER)
    assert proposals.reopen(store, sent.id) == sent


def test_nothing_cannot_be_submitted(store):
    with pytest.raises(DataError, match="aucun poste"):
        proposals.submit(store, replace(CONTENT, positions={}), PREFECT)


@pytest.mark.parametrize(
    ("positions", "said"),
    [({"99999": 1}, "99999"), ({"48095": 1}, "48095"), ({"03190": 4_001}, "4001 postes")],
)
@pytest.mark.parametrize("step", [proposals.save, proposals.submit])
def test_what_cannot_be_of_the_department_is_refused(store, step, positions, said):
    with pytest.raises(DataError) as refused:
        step(store, replace(CONTENT, positions=positions), PREFECT)
    assert said in refused.value.where
    assert proposals.list_proposals(store) == []


@pytest.mark.parametrize("count", [-1, 1.5, True, "2"])
def test_positions_are_whole_numbers(count):
    with pytest.raises(ValueError, match="whole"):
        replace(CONTENT, positions={"03190": count})


def test_an_answer_given_by_mistake_can_be_given_again(store):
    done = proposals.accept(store, proposals.submit(store, CONTENT, PREFECT), PLANNER)
    with pytest.raises(DataError, match="rouverte"):
        proposals.answer_again(store, done, " ", PLANNER)
    again = proposals.answer_again(store, done, "Acceptée par erreur.", PLANNER)
    assert (again.state, again.reason) == ("resubmitted", "Acceptée par erreur.")
    back = proposals.give_back(store, again, "Revoyez Vichy.", PLANNER)
    assert (back.state, back.reason) == ("returned", "Revoyez Vichy.")


def test_proposals_are_listed_the_latest_first(store):
    allier = proposals.save(store, CONTENT, PREFECT)
    lozere = Content(Scenario(territory="48", positions=9), {}, {"48095": 9}, {"48095": 9})
    other = proposals.save(store, lozere, SECRETARY)
    store.append(Stream("proposal", "of another version"), "moved", PREFECT, {"x": 1})
    store.append(Stream("proposal", "torn"), "saved", PREFECT, {"positions": {"03190": 1}})
    torn = CONTENT.to_payload() | {"positions": {"03190": -1}}
    store.append(Stream("proposal", "below zero"), "saved", PREFECT, torn)
    assert proposals.list_proposals(store) == [other, allier]
    assert proposals.list_proposals(store, "03") == [allier]
    with pytest.raises(DataError, match="n'existe pas"):
        proposals.reopen(store, "of another version")
    with pytest.raises(DataError, match="n'existe pas"):
        proposals.reopen(store, "nothing")


def test_what_differs():
    found = changes({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 1, "d": 4})
    assert [(one.commune_code, one.before, one.after) for one in found] == [
        ("a", 1, 0), ("c", 3, 1), ("d", 0, 4),
    ]  # fmt: skip


class TwoWriters(RuleBasedStateMachine):
    """Two people act on one proposal, each on what they last read: nothing is ever lost."""

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.store = Store(Path(self.folder.name) / "registre.sqlite3")
        self.read = [proposals.save(self.store, CONTENT, PREFECT)] * 2
        self.written = 1

    def teardown(self):
        self.folder.cleanup()

    def act(self, who, step):
        latest = proposals.reopen(self.store, self.read[who].id)
        seen = self.read[who].version
        with suppress(DataError, ConflictError):
            self.read[who] = step(self.read[who])
            assert seen == latest.version  # whoever has not seen the latest never writes
            self.written += 1

    @rule()
    def one_saves(self):
        self.act(0, lambda one: proposals.save(self.store, CONTENT, PREFECT, one))

    @rule()
    def one_submits(self):
        self.act(0, lambda one: proposals.submit(self.store, CONTENT, PREFECT, one))

    @rule()
    def two_saves(self):
        self.act(1, lambda one: proposals.save(self.store, CONTENT, SECRETARY, one))

    @rule()
    def one_withdraws(self):
        self.act(0, lambda one: proposals.withdraw(self.store, one, PREFECT))

    @rule()
    def one_discards(self):
        self.act(0, lambda one: proposals.discard(self.store, one, PREFECT))

    @rule()
    def one_restores(self):
        self.act(0, lambda one: proposals.restore(self.store, one, PREFECT))

    @rule()
    def two_withdraws_what_is_not_theirs(self):
        self.act(1, lambda one: proposals.withdraw(self.store, one, SECRETARY))
        assert "withdrawn" not in {
            event.kind for event in self.read[1].history if event.author == SECRETARY
        }

    @rule()
    def two_returns(self):
        self.act(1, lambda one: proposals.give_back(self.store, one, "Revoyez", PLANNER))

    @precondition(lambda self: self.written > 4)
    @rule()
    def two_accepts(self):
        self.act(1, lambda one: proposals.accept(self.store, one, PLANNER))

    @rule()
    def both_reload(self):
        self.read = [proposals.reopen(self.store, self.read[0].id)] * 2

    @invariant()
    def every_step_is_kept(self):
        now = proposals.reopen(self.store, self.read[0].id)
        assert now.version == self.written == len(now.history)


TestTwoWriters = TwoWriters.TestCase
TestTwoWriters.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
