"""Tables of one row a commune: bring codes to today's, then merge what has merged.

A former commune that merged into another takes its code; the values of the communes so
joined are summed (counts), or averaged (rates), weighted by a count of the same file when
it has one that is known and equally otherwise.  A former commune whose code was divided gives
its rate to each successor, and its counts by their shares of the population.  So does the
commune that still counts one re-established since, which the file does not have.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geodata.readers.reference import REESTABLISHED, Reference, padded_codes
from geodata.readers.rows import Rows


def today(
    rows: Rows,
    code: str,
    values: pd.DataFrame,
    reference: Reference,
    *,
    counts: Sequence[str] = (),
    weight: str = "",
    labels: Sequence[str] = (),
) -> pd.DataFrame:
    """Return one row for each commune of today that the file has.

    Parameters
    ----------
    rows
        The rows read; those of no commune of today are set aside in it.
    code
        Column of the commune codes.
    values
        Numbers and labels, aligned with ``rows``.
    reference
        The communes.
    counts
        Columns to sum; the other numbers are averaged.
    weight
        Column of ``values`` that weighs the averages; equal weights when empty.
    labels
        Columns of text: the commune that kept its code says, else the first.

    Returns
    -------
    DataFrame
        Index ``code``; the columns of ``values``, and ``merged``: how many rows of the
        file made this one.
    """
    table = _with_successors(rows, code, values, reference, counts)
    table = table[rows.kept.loc[table["row"]].to_numpy()]
    alone = ~table["code"].duplicated(keep=False)
    same = table[alone].set_index("code")
    merged = _merged(table[~alone], counts, weight, labels)
    out = pd.concat([same, merged]).sort_index()
    rows.note("commune fusionnée depuis, valeurs réunies", int((out["merged"] > 1).sum()))
    return out[[*values.columns, "merged"]]


def _with_successors(
    rows: Rows, code: str, values: pd.DataFrame, reference: Reference, counts: Sequence[str]
) -> pd.DataFrame:
    written = padded_codes(rows[code])
    rows.set_aside(written.isna(), "sans code de commune")
    known = reference.knows(written)
    former = reference.former.rename(columns={"current": "code"})
    pairs = pd.DataFrame({"former": written[~known].dropna()}).reset_index(names="row")
    pairs = pairs.merge(former[reference.knows(former["code"])], on="former")
    rows.set_aside(
        written.notna() & ~known & ~rows.frame.index.isin(pairs["row"]),
        "code de commune inconnu : " + written.fillna(""),
    )
    rows.set_repeated_aside(written, "code de commune déjà lu : ")
    kept_code = pd.DataFrame({"row": written.index[known], "code": written[known], "share": 1.0})
    again = _reestablished(written[rows.kept & known], reference)
    rows.note("commune rétablie depuis, décrite par celle qui la comptait", len(again))
    kept_code["share"] -= kept_code["row"].map(again.groupby("row")["share"].sum()).fillna(0.0)
    links = pd.concat(
        [kept_code.assign(own=True)]
        + [one[["row", "code", "share"]].assign(own=False) for one in (pairs, again)]
    )
    table = links.join(values, on="row").assign(merged=1).reset_index(drop=True)
    for column in counts:
        table[column] = table[column] * table["share"]
    return table


def _reestablished(written: pd.Series, reference: Reference) -> pd.DataFrame:
    """Return the communes that a file does not have because another one counted them then.

    Parameters
    ----------
    written
        Code of each sound row.

    Returns
    -------
    DataFrame
        code; row and share (0–1, of the people of today): the row that counts it, and its part.
    """
    row_of = pd.Series(written.index, index=written.to_numpy())
    lacking = pd.Series(REESTABLISHED, dtype="str")
    lacking = lacking[~lacking.index.isin(row_of.index) & lacking.isin(row_of.index)]
    people = reference.communes["population"].astype(float)
    whole = people.reindex(lacking).to_numpy() + (
        people.reindex(lacking.index).groupby(lacking.to_numpy()).transform("sum").to_numpy()
    )
    return pd.DataFrame(
        {
            "code": lacking.index,
            "row": row_of.reindex(lacking).to_numpy(),
            "share": people.reindex(lacking.index).to_numpy() / whole,
        }
    )


def _merged(
    table: pd.DataFrame, counts: Sequence[str], weight: str, labels: Sequence[str]
) -> pd.DataFrame:
    if table.empty:
        return table.set_index("code")
    groups = table.sort_values(["code", "own", "row"], ascending=[True, False, True])
    by_code = groups.groupby("code")
    out = by_code[["merged"]].sum()
    weights = _weights(groups, weight)
    for column in groups.columns.drop(["row", "code", "share", "own", "merged"]):
        if column in labels:
            out[column] = by_code[column].first()
        elif column in counts:
            out[column] = by_code[column].sum(min_count=1)
        else:
            out[column] = _weighted_mean(groups[column], weights, groups["code"])
    return out


def _weights(groups: pd.DataFrame, weight: str) -> pd.Series:
    """Return the weight of each row: equal ones where no row of a code has one."""
    if not weight:
        return pd.Series(1.0, groups.index)
    known = (groups[weight] > 0).groupby(groups["code"]).transform("any")
    return groups[weight].where(known, 1.0)


def _weighted_mean(values: pd.Series, weights: pd.Series, codes: pd.Series) -> pd.Series:
    """Return the mean of each code over the rows that have both a value and a weight."""
    usable = values.notna() & (weights > 0)
    total = (values * weights).where(usable).groupby(codes).sum(min_count=1)
    return total / weights.where(usable).groupby(codes).sum().replace(0.0, np.nan)


def with_arrondissements(
    rows: Rows, table: pd.DataFrame, reference: Reference, counts: Sequence[str] = ()
) -> pd.DataFrame:
    """Give the arrondissements that a table lacks the values of their city, counts left out.

    Parameters
    ----------
    rows
        The rows read, in which the addition is noted.
    table
        Index ``code``.
    reference
        The communes.
    counts
        Columns that must not be repeated: missing in the rows added.
    """
    parent = reference.communes["parent"].dropna()
    # get_indexer: isin is some ten times slower on codes.
    has = table.index.get_indexer(parent.index) >= 0
    lacking = parent[~has & (table.index.get_indexer(pd.Index(parent)) >= 0)]
    added = table.loc[lacking].set_axis(lacking.index)
    added[list(counts)] = np.nan
    rows.note("arrondissement décrit par les valeurs de sa ville", len(added))
    return pd.concat([table, added]).sort_index()
