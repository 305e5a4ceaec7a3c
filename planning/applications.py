r"""Whom to accept among the hosts that apply, under quotas.

Each département *D* is decided on its own, since quotas are its own.  With the positions
:math:`g_j` accepted of the :math:`r_j` that host *j* asks for, and the share :math:`x_{ij}` of
the persons in need of commune *i* whom *j* serves:

.. math::

    \max \sum_{ij} w_i \Bigl(1 - \frac{c_{ij}}{2T}\Bigr) x_{ij} + \epsilon \sum_j g_j, \quad
    \sum_j x_{ij} \le 1, \quad \sum_i w_i x_{ij} \le K g_j, \quad g_j \le r_j, \quad
    \sum_j g_j \le Q, \quad \sum_{j \text{ private}} g_j \le \rho Q \tag{1}

over pairs within T minutes: a person next door counts one, a person T minutes away a half.
*Q* is the quota, *K* the persons in need of D for each of its positions, :math:`\rho` the most
that private hosts may hold.  The small :math:`\epsilon` fills the quota: a position that
brings nobody nearer still gives hours.  HiGHS solves it; the bound and its gap are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from geodata import tables
from geodata.errors import DataError
from planning.siting.highs import Programme, minimise
from planning.siting.watch import Watch
from planning.situation import national_need, national_network
from planning.stopping import Progress, ProgressCallback, Stop, after_iterations

THRESHOLD_MIN: Final = 20.0
FILLING: Final = 1e-3
"""What a position that serves nobody new is worth, as a share of its caseload."""
NODES: Final = 400
"""Most nodes of a département's search: its gap is told when they do not suffice."""


@dataclass(frozen=True)
class Quotas:
    """What may be accepted.

    Parameters
    ----------
    positions
        Most positions by département; a département without a quota has none.
    private_share
        Most of a département's quota that private hosts may hold, 0–1.
    threshold_min
        T, in minutes.
    """

    positions: Mapping[str, int]
    private_share: float = 1.0
    threshold_min: float = THRESHOLD_MIN

    def __post_init__(self) -> None:
        if not 0 <= self.private_share <= 1:
            raise DataError("La part du privé doit être comprise entre 0 et 100 %")
        if not 0 < self.threshold_min <= 60:
            raise DataError("Le seuil doit être compris entre 1 et 60 minutes")


@dataclass(frozen=True, eq=False)
class Decision:
    """Who is accepted.

    Attributes
    ----------
    applications
        The applications with department, accepted (positions), persons (in need, served
        within the threshold) and why (French).
    departments
        Indexed by code: quota, asked, accepted, persons (in need; inhabitants where need is
        not ``estimated``), served (of them), gap (0 when proven best, infinite when a stop
        left no choice at all), estimated.
    """

    applications: pd.DataFrame
    departments: pd.DataFrame


def choose(
    applications: pd.DataFrame,
    quotas: Quotas,
    stop: Stop | None = None,
    progress: ProgressCallback | None = None,
) -> Decision:
    """Choose among applications, one département after the other.

    Parameters
    ----------
    applications
        As :func:`planning.applying.read_applications` reads them: host, commune_code, kind
        ("public" or "private") and positions.
    quotas
        What may be accepted.
    stop, progress
        Asked and told between départements and inside HiGHS; what is undecided at the stop
        has no accepted position and says so.
    """
    stop = after_iterations(10_000) if stop is None else stop
    frame = applications.copy()
    frame["department"] = tables.communes()["department"].reindex(frame["commune_code"]).to_numpy()
    frame["accepted"], frame["persons"], frame["why"] = 0, 0.0, ""
    rows = []
    codes = sorted(frame["department"].unique())
    for rank, code in enumerate(codes):
        if progress is not None:
            progress(Progress(rank / len(codes), f"Candidatures du département {code}"))
        ours = frame[frame["department"] == code]
        quota = int(quotas.positions.get(code, 0))
        if stop(rank, np.inf):
            frame.loc[ours.index, "why"] = "calcul arrêté avant ce département"
            continue
        decided, row = _department(code, ours, quota, quotas, Watch(stop))
        frame.loc[ours.index, ["accepted", "persons", "why"]] = decided
        rows.append({"code": code, "quota": quota, "asked": int(ours["positions"].sum()), **row})
    columns = ["code", "quota", "asked", "accepted", "persons", "served", "gap", "estimated"]
    return Decision(frame, pd.DataFrame(rows, columns=columns).set_index("code"))


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Persons within reach of slots; a slot is every host of a kind in a commune."""

    weights: np.ndarray
    row: np.ndarray
    slot: np.ndarray
    estimated: bool
    worth: np.ndarray
    asked: np.ndarray
    private: np.ndarray


def _department(
    code: str, ours: pd.DataFrame, quota: int, quotas: Quotas, watch: Watch
) -> tuple[pd.DataFrame, dict[str, float]]:
    slots = ours.groupby(["commune_code", "kind"], sort=True)["positions"].sum().reset_index()
    pairs = _pairs(code, slots, quotas.threshold_min)
    total = float(pairs.weights.sum())
    if quota < 1:
        nothing = ours.assign(accepted=0, persons=0.0, why="aucun poste pour ce département")
        row = {"accepted": 0, "persons": total, "served": 0.0, "gap": 0.0}
        row |= {"estimated": pairs.estimated}
        return nothing[["accepted", "persons", "why"]], row
    caseload = max(total / quota, 1e-9)
    programme = _programme(pairs, quota, int(quotas.private_share * quota + 1e-9), caseload)
    answer = minimise(programme, watch, nodes=NODES)
    m = len(slots)
    x = np.zeros(m + len(pairs.row)) if answer.x is None else answer.x
    positions = np.rint(x[:m]).astype(np.int64)
    served = np.bincount(pairs.slot, x[m:] * pairs.weights[pairs.row], minlength=m)
    decided = _spread(ours, positions, served)
    decided["why"] = _reasons(ours, decided["accepted"], quota, quotas)
    if not answer.optimal and int(positions.sum()) < quota:
        refused = decided["accepted"] < ours["positions"]
        decided.loc[refused, "why"] = "calcul arrêté avant que ce département soit décidé"
    worth = -answer.objective if answer.x is not None else 0.0
    gap = (-answer.bound - worth) / worth if worth > 0 else np.inf
    row = {
        "accepted": int(positions.sum()),
        "persons": total,
        "served": float(served.sum()),
        "gap": 0.0 if answer.optimal else max(0.0, gap),
        "estimated": pairs.estimated,
    }
    return decided, row


def _pairs(department: str, slots: pd.DataFrame, threshold: float) -> _Pairs:
    network = national_network()
    points = network.points
    rows = np.flatnonzero(points["department"] == department)
    need = national_need().at(rows).persons
    inhabitants = points["population"].to_numpy(dtype=float)[rows]
    weights = np.where(np.isnan(need), inhabitants, need)
    seats = tables.communes().loc[slots["commune_code"], ["lon", "lat"]].reset_index()
    sites = seats.set_axis(["commune_code", "lon", "lat"], axis=1)
    minutes = network.minutes(rows, sites, threshold).minutes.tocoo()
    return _Pairs(
        weights=weights,
        row=minutes.row,
        slot=minutes.col,
        estimated=not bool(np.isnan(need).any()),
        worth=weights[minutes.row] * (1 - minutes.data / (2 * threshold)),
        asked=slots["positions"].to_numpy(dtype=float),
        private=(slots["kind"] == "private").to_numpy(),
    )


def _programme(pairs: _Pairs, quota: int, private: int, caseload: float) -> Programme:
    """Equation (1) in arrays: the g of each slot, then the x of each pair."""
    n, m, k = len(pairs.weights), len(pairs.asked), len(pairs.row)
    at, ones = np.arange(k) + m, np.ones(k)
    shape = (n + m + 2, m + k)
    load = pairs.weights[pairs.row]
    row = np.concatenate(
        [pairs.row, n + pairs.slot, n + np.arange(m), np.full(m, n + m), np.full(m, n + m + 1)]
    )
    column = np.concatenate([at, at, np.arange(m), np.arange(m), np.arange(m)])
    value = np.concatenate(
        [ones, load, np.full(m, -caseload), np.ones(m), pairs.private.astype(float)]
    )
    high = np.concatenate([np.ones(n), np.zeros(m), [quota, private]])
    return Programme(
        cost=-np.concatenate([np.full(m, FILLING * caseload), pairs.worth]),
        matrix=sparse.csr_array((value, (row, column)), shape=shape),
        low=np.full(n + m + 2, -np.inf),
        high=high,
        upper=np.concatenate([np.minimum(pairs.asked, quota), ones]),
        whole=np.arange(m + k) < m,
    )


def _spread(ours: pd.DataFrame, positions: np.ndarray, served: np.ndarray) -> pd.DataFrame:
    """Give the positions of a slot to its hosts, one each in turn, by name.

    Hosts of a commune and kind serve the same people: only their names part them, never the
    order of the file.
    """
    out = pd.DataFrame({"accepted": 0, "persons": 0.0}, index=ours.index)
    # Both group by commune and kind in the same order: slot k is group k.
    by_name = ours.sort_values(["host", "positions"], kind="stable")
    for k, (_, hosts) in enumerate(by_name.groupby(["commune_code", "kind"], sort=True)):
        left, asked = int(positions[k]), hosts["positions"].to_numpy(dtype=int)
        given = np.zeros(len(hosts), dtype=int)
        while left:
            for i in np.flatnonzero(given < asked)[:left]:
                given[i] += 1
                left -= 1
        out.loc[hosts.index, "accepted"] = given
        if positions[k]:
            out.loc[hosts.index, "persons"] = served[k] * given / positions[k]
    return out


def _reasons(ours: pd.DataFrame, accepted: pd.Series, quota: int, quotas: Quotas) -> list[str]:
    most = int(quotas.private_share * quota + 1e-9)
    total = int(accepted.sum())
    full = quotas.private_share < 1 and int(accepted[ours["kind"] == "private"].sum()) >= most
    return [
        _reason(int(given), int(asked), kind == "private" and full and total < quota, quota)
        for given, asked, kind in zip(accepted, ours["positions"], ours["kind"], strict=True)
    ]


def _reason(given: int, asked: int, private_full: bool, quota: int) -> str:
    if given == asked:
        return "tous les postes demandés"
    why = (
        "la part du privé est atteinte"
        if private_full
        else f"contingent de {quota} atteint ; d'autres servent plus de personnes, ou plus près"
    )
    return f"une partie : {why}" if given else why
