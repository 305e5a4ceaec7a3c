"""Applications: reading, the choice against enumeration, the command."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from geodata.errors import DataError
from planning import applications
from planning.__main__ import main
from planning.applications import FILLING, Quotas, _pairs, choose
from planning.applying import EXAMPLE, MAX_BYTES, read_applications
from planning.siting.highs import Answer
from planning.stopping import after_iterations

HOSTS = pd.DataFrame(
    [
        ("Mairie", "90010", "Belfort", "public", 2),
        ("Lien", "90010", "Belfort", "private", 2),
        ("Delle", "90033", "Delle", "public", 1),
        ("Giromagny", "90052", "Giromagny", "private", 2),
    ],
    columns=["host", "commune_code", "commune", "kind", "positions"],
)


@pytest.fixture(autouse=True)
def alone(bare_machine):
    """The snapshot alone."""


def enumerated(quota, private_share, threshold):
    """Best value of equation (1) over every whole choice of positions."""
    slots = HOSTS.groupby(["commune_code", "kind"])["positions"].sum().reset_index()
    pairs = _pairs("90", slots, threshold)
    caseload = pairs.weights.sum() / quota
    load = pairs.weights[pairs.row]
    n, m, k = len(pairs.weights), len(slots), len(pairs.row)
    rows = np.zeros((n + m, k))
    rows[pairs.row, np.arange(k)] = 1
    rows[n + pairs.slot, np.arange(k)] = load
    best = -np.inf
    for choice in itertools.product(*(range(int(asked) + 1) for asked in pairs.asked)):
        held = np.array(choice)
        if held.sum() > quota or held[pairs.private].sum() > int(private_share * quota):
            continue
        limit = np.concatenate([np.ones(n), caseload * held])
        value = -linprog(-pairs.worth, rows, limit, bounds=(0, 1)).fun
        best = max(best, value + FILLING * caseload * held.sum())
    return best, pairs, slots


@pytest.mark.parametrize(("quota", "private"), [(2, 1.0), (3, 0.4), (4, 0.5)])
def test_the_choice_is_the_best_of_all(quota, private):
    best, pairs, slots = enumerated(quota, private, 20.0)
    found = choose(HOSTS, Quotas({"90": quota}, private, 20.0))
    row = found.departments.loc["90"]
    assert row["gap"] == 0
    accepted = found.applications["accepted"]
    assert accepted.sum() == row["accepted"] <= quota
    held = found.applications.groupby(["commune_code", "kind"])["accepted"].sum().to_numpy()
    assert held[pairs.private].sum() <= int(private * quota)
    assert (accepted <= HOSTS["positions"]).all()
    load = pairs.weights[pairs.row]
    n, m, k = len(pairs.weights), len(slots), len(pairs.row)
    rows = np.zeros((n + m, k))
    rows[pairs.row, np.arange(k)] = 1
    rows[n + pairs.slot, np.arange(k)] = load
    caseload = pairs.weights.sum() / quota
    limit = np.concatenate([np.ones(n), caseload * held])
    value = -linprog(-pairs.worth, rows, limit, bounds=(0, 1)).fun
    assert value + FILLING * caseload * held.sum() == pytest.approx(best, rel=1e-7)


def test_the_order_of_the_file_changes_nothing():
    twin = pd.DataFrame([("Abbaye", "90010", "Belfort", "public", 2)], columns=HOSTS.columns)
    hosts = pd.concat([HOSTS, twin], ignore_index=True)
    one = choose(hosts, Quotas({"90": 3})).applications.set_index("host").sort_index()
    two = choose(hosts.iloc[::-1], Quotas({"90": 3})).applications.set_index("host").sort_index()
    assert one["accepted"].equals(two["accepted"])
    assert one["accepted"].sum() == 3


def test_a_choice_that_was_stopped_claims_no_proof_and_gives_no_false_reason(monkeypatch):
    nothing = Answer(None, np.inf, -np.inf, optimal=False, infeasible=False)
    monkeypatch.setattr(applications, "minimise", lambda *_, **__: nothing)
    found = choose(HOSTS, Quotas({"90": 3}))
    assert found.departments.at["90", "gap"] == np.inf
    assert found.applications["accepted"].sum() == 0
    assert found.applications["why"].str.contains("arrêté").all()


def test_each_refusal_has_its_reason():
    found = choose(HOSTS, Quotas({"90": 2}, 0.0)).applications.set_index("host")
    assert found.loc[["Lien", "Giromagny"], "accepted"].sum() == 0
    assert found["why"].str.len().min() > 10
    none = choose(HOSTS, Quotas({})).applications
    assert (none["why"] == "aucun poste pour ce département").all()
    stopped = choose(HOSTS, Quotas({"90": 3}), after_iterations(0)).applications
    assert stopped["why"].str.contains("arrêté").all()


def test_mayotte_is_decided_on_inhabitants_and_says_so():
    hosts = HOSTS.assign(commune_code="97611", commune="Mamoudzou")
    found = choose(hosts, Quotas({"976": 2}))
    assert not found.departments.at["976", "estimated"]
    assert found.departments.at["976", "accepted"] == 2


def test_the_example_is_read():
    read = read_applications(EXAMPLE.encode(), "exemple.csv")
    assert read.frame["commune_code"].tolist() == ["03190", "03190"]
    assert read.rejected.empty


def test_bad_rows_are_set_aside_with_all_their_reasons():
    text = (
        "Raison sociale,Code INSEE,Statut,Postes demandés\n"
        "A,1004,Publique,2\n"
        ",99999,martien,-3\n"
        "B,Saint-Denis,privé,1\n"
        "C,75056,public,1\n"
        '"D, la grande",Cussey-sur-l\'Ognon,Association,1\n'
        "E,03190,public\n"
    )
    read = read_applications(text.encode("cp1252"), "f.csv")
    assert read.frame["commune_code"].tolist()[0] == "01004"
    assert read.frame["kind"].tolist() == ["public", "private"]
    assert read.rejected["line"].tolist() == [3, 4, 5, 7]
    first = read.rejected["reason"].iloc[0]
    for part in ("sans nom", "99999", "martien", "-3"):
        assert part in first
    assert "communes s'appellent" in read.rejected["reason"].iloc[1]
    assert "arrondissement" in read.rejected["reason"].iloc[2]


@pytest.mark.parametrize(
    "content",
    [b"", b"structure;commune\nA;03190\n", b"x" * (MAX_BYTES + 1), b"\xff\xfe\x00;\n\x00"],
)
def test_another_file_is_refused(content):
    with pytest.raises(DataError):
        read_applications(content, "f.csv")


def test_the_command_writes_who_is_accepted_and_who_is_set_aside(tmp_path, capsys):
    file = tmp_path / "in.csv"
    file.write_text(EXAMPLE + "Perdue;Nulle-Part;public;1\r\n", encoding="utf-8")
    out = tmp_path / "out"
    arguments = ["accept", "--applications", str(file), "--positions", "900", "--out", str(out)]
    assert main(arguments) == 0
    assert "lignes écartées : 1" in capsys.readouterr().out
    content = json.loads((out / "accepted.json").read_text(encoding="utf-8"))
    assert sum(one["accepted"] for one in content["applications"]) == 3
    assert content["set_aside"][0]["line"] == 4
    assert "Nulle-Part" in (out / "set_aside.csv").read_text(encoding="utf-8-sig")
    assert main([*arguments[:2], str(tmp_path / "absent.csv"), *arguments[3:]]) == 2
