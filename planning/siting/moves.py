r"""Better places for positions: exchanges ranked by prices, then judged by the transport.

With the worth :math:`v_i` of serving demand i and the price :math:`\mu_j` of room at j, both
duals of equation (15), a position more at k saves about :math:`-[\varphi_k(u_k+1) -
\varphi_k(u_k)]` at :math:`\lambda_i = w_i v_i` (equation 13).  A position less at j sends the
persons whom it no longer holds to the next cheapest site, its price included,

.. math::

    \ell_j = \sum_i f_{ij} (a_i - t_{ij}), \qquad
    a_i = \min_{l \ne j,\, u_l > 0} t_{il} + \mu_l \tag{16}

and where k is cheaper than that for them, the two together lose
:math:`\sum_i w_i (a_i - \max(t_{ik}, v_i))^+` less, as in equation (2).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.lists import Lists, sums
from planning.siting.rooms import increments_at
from planning.siting.transport import Sent, Transport
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Moves = list[tuple[int, int]]

PATIENCE = 120
"""Exchanges in a row that do not pay after which a search ends."""
FAR = 40
"""Best places and least useful positions that are paired wherever they are."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Positions at each site (m,), and how they serve."""

    positions: Ints
    sent: Sent


def improve_positions(
    transport: Transport,
    lists: Lists,
    start: Ints,
    watch: Watch,
    accept: Callable[[Ints], bool] = lambda _: True,
) -> Placed:
    """Move positions one by one, or many disjoint ones at once, until no move pays.

    Parameters
    ----------
    transport, lists
        The problem.
    start
        Positions at each site, shape (m,).
    watch
        Counts the transports that are solved, and may stop.
    accept
        Whether positions respect the rules that prices do not know of.
    """
    rooms = transport.rooms
    best = Placed(start, transport.send(start))
    most = size = max(1, rooms.total // 8)
    while not watch.stopped:
        moves = ranked(transport, lists, best)
        failed = 0
        while moves and failed < PATIENCE and not watch.tick():
            batch = _disjoint(lists, transport, best, moves, size)
            trial = best.positions.copy()
            for enter, leave in batch:
                trial[enter] += 1
                trial[leave] -= 1
            pays = accept(trial) and transport.value(trial) < best.sent.value * (1 - 1e-9)
            if pays:
                best = Placed(trial, transport.send(trial))
                watch.best = best.sent.value
                size = min(2 * size, most)
                break
            if len(batch) > 1:
                size = max(1, len(batch) // 3)
                continue
            moves.remove(batch[0])
            failed += 1
        else:
            break
        watch.tell("Déplacement des postes")
    return best


def ranked(transport: Transport, lists: Lists, placed: Placed, *, all_moves: bool = False) -> Moves:
    """Return exchanges (site that gains a position, site that loses one), best first.

    Only those that seem to pay, unless ``all_moves``.
    """
    rooms, sent, positions = transport.rooms, placed.sent, placed.positions
    worth = np.minimum(sent.worth * rooms.weights, lists.beyond)
    m = rooms.shape[1]
    increments = increments_at(lists, rooms, worth)
    following = np.minimum(positions, rooms.most - 1)
    gain = np.where(positions < rooms.most, -increments[np.arange(m), following], -np.inf)
    gain[rooms.closed] = -np.inf
    other = next_cheapest(transport, placed)
    loss = _losses(transport, placed, other)
    first = main_site(transport, sent)
    each = lists.cost / rooms.weights[lists.rows]
    value = worth / rooms.weights
    near = np.flatnonzero((each < other[lists.rows]) & (first[lists.rows] >= 0))
    rows = lists.rows[near]
    shared = rooms.weights[rows] * (other[rows] - np.maximum(each[near], value[rows]))
    pair = sparse.csr_array(
        (np.maximum(shared, 0.0), (lists.sites[near], first[rows])), shape=(m, m)
    ).tocoo()
    top = np.argsort(-gain, kind="stable")[:FAR]
    least = np.argsort(loss, kind="stable")[:FAR]
    enter = np.concatenate([pair.row, np.repeat(top, len(least))])
    leave = np.concatenate([pair.col, np.tile(least, len(top))])
    extra = np.concatenate([pair.data, np.zeros(len(top) * len(least))])
    profit = gain[enter] - loss[leave] + np.minimum(extra, loss[leave])
    pays = (np.isfinite(profit) if all_moves else profit > 1e-9 * sent.value) & (enter != leave)
    order = np.flatnonzero(pays)
    order = order[np.lexsort((leave[order], enter[order], -profit[order]))]
    return list(dict.fromkeys(zip(enter[order].tolist(), leave[order].tolist(), strict=True)))


def next_cheapest(transport: Transport, placed: Placed) -> Floats:
    """Return what the cheapest other open site asks, its price included, minutes (n,)."""
    sent = placed.sent
    first = main_site(transport, sent)
    held = (placed.positions[transport.sites] > 0) & (transport.sites != first[transport.rows])
    pairs = np.flatnonzero(held)
    other: Floats = transport.outside.copy()
    np.minimum.at(
        other,
        transport.rows[pairs],
        transport.each[pairs] + sent.price[transport.sites[pairs]],
    )
    return other


def _losses(transport: Transport, placed: Placed, other: Floats) -> Floats:
    """Return what one position less at each site costs by equation (16), shape (m,)."""
    rooms, sent, positions = transport.rooms, placed.sent, placed.positions
    m = rooms.shape[1]
    used = np.flatnonzero(sent.persons > 1e-9)
    rows, sites, persons = transport.rows[used], transport.sites[used], sent.persons[used]
    more = np.maximum(other[rows] - transport.each[used], 0.0)
    order = np.lexsort((more, sites))
    sites, persons, more = sites[order], persons[order], more[order]
    after = np.cumsum(persons)
    start = np.searchsorted(sites, np.arange(m))
    after -= np.concatenate([[0.0], after])[start][sites]
    load = sums(sites, persons, m)
    excess = np.maximum(load - rooms.capacity * (positions - 1), 0.0)
    moved = np.clip(excess[sites] - (after - persons), 0.0, persons)
    loss = sums(sites, moved * more, m)
    loss[(positions == 0) | (rooms.opened & (positions == 1))] = np.inf
    return loss


def main_site(transport: Transport, sent: Sent) -> Ints:
    """Return the site that serves most of each demand, -1 for none, shape (n,)."""
    used = np.flatnonzero(sent.persons > 1e-9)
    rows, sites = transport.rows[used], transport.sites[used]
    order = np.lexsort((sites, -sent.persons[used], rows))
    demand, place = np.unique(rows[order], return_index=True)
    main = np.full(transport.rooms.shape[0], -1, dtype=np.int64)
    main[demand] = sites[order[place]]
    return main


def _disjoint(lists: Lists, transport: Transport, placed: Placed, moves: Moves, most: int) -> Moves:
    """Keep the moves, best first, that share neither a site nor a demand with one kept before."""
    if most == 1:
        return moves[:1]
    indptr, rows, cost = lists.columns
    worth = placed.sent.worth * transport.rooms.weights
    main = main_site(transport, placed.sent)
    order = np.argsort(main, kind="stable")
    start = np.searchsorted(main[order], np.arange(lists.m + 1))
    touched = np.zeros(lists.n, dtype=bool)
    used: set[int] = set()
    kept: Moves = []
    for enter, leave in moves:
        if enter in used or leave in used:
            continue
        part = slice(indptr[enter], indptr[enter + 1])
        felt = rows[part][cost[part] < worth[rows[part]]]
        demands = np.concatenate([felt, order[start[leave] : start[leave + 1]]])
        if touched[demands].any():
            continue
        touched[demands] = True
        used |= {enter, leave}
        kept.append((enter, leave))
        if len(kept) >= most:
            break
    return kept
