"""Indicators that a user brings: checked against the communes before they count."""

from dataclasses import dataclass

import pandas as pd

from coverage.indicators import IMPORTED, TITLES
from geodata.errors import DataError

MOST_REJECTED_SHARE = 0.5
"""Beyond this share of refused values, the file is not what it says: refused whole."""


@dataclass(frozen=True)
class ImportedIndicators:
    """What is kept of a user's file.

    Parameters
    ----------
    values
        Shares (0–1), indexed by the code of the commune; one column an indicator given.
    rejected
        What is set aside: ``commune_code``, ``indicator`` (empty for a whole row),
        ``reason`` (French).
    """

    values: pd.DataFrame
    rejected: pd.DataFrame


def check_indicators(frame: pd.DataFrame, known_codes: pd.Index) -> ImportedIndicators:
    """Check a user's indicators; bad rows are set aside with a reason.

    Parameters
    ----------
    frame
        ``code`` (text) and at least one of :data:`coverage.indicators.IMPORTED`, shares (0–1).
    known_codes
        Codes of the communes of today.

    Raises
    ------
    DataError
        When a column is missing, or most rows or values are refused.
    """
    given = [name for name in IMPORTED if name in frame]
    if "code" not in frame or not given:
        raise DataError(
            "Ce fichier n'a pas les colonnes attendues",
            where=f"colonnes lues : {', '.join(map(str, frame.columns))}",
            remedy=f"Il faut « code », et « {' » ou « '.join(IMPORTED)} » (parts entre 0 et 1).",
        )
    codes = frame["code"].astype(str).str.strip().str.zfill(5)
    unknown, twice = ~codes.isin(known_codes), codes.duplicated(keep=False)
    reasons = [
        _reason(codes[unknown], "", "code de commune inconnu aujourd'hui"),
        _reason(codes[twice & ~unknown], "", "commune donnée plusieurs fois"),
    ]
    kept = frame[~unknown & ~twice]
    index = pd.Index(codes[~unknown & ~twice], name="code")
    if not len(kept) or len(kept) < MOST_REJECTED_SHARE * len(frame):
        raise DataError(
            "La plupart des lignes ne désignent pas une commune d'aujourd'hui, une fois chacune",
            where=f"{len(frame) - len(kept)} lignes sur {len(frame)}",
            remedy="Donnez une ligne par commune, avec son code Insee à cinq caractères.",
        )
    values = pd.DataFrame(index=index)
    for name in given:
        written = kept[name].to_numpy()
        numbers = pd.to_numeric(pd.Series(written, index=index), errors="coerce")
        empty = pd.Series(written, index=index).isna()
        wrong = ~empty & ~numbers.between(0, 1)
        if wrong.sum() > MOST_REJECTED_SHARE * max(int((~empty).sum()), 1):
            raise DataError(
                "La plupart des valeurs ne sont pas des parts entre 0 et 1",
                where=f"{TITLES[name]} ({name})",
                remedy="Divisez les pourcentages par 100, et écrivez les décimales avec un point.",
            )
        values[name] = numbers.mask(wrong)
        reasons.append(_reason(index[wrong].to_series(), name, "valeur hors de 0–1"))
    return ImportedIndicators(values, pd.concat(reasons, ignore_index=True))


def _reason(codes: pd.Series, indicator: str, reason: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"commune_code": codes.to_numpy(), "indicator": indicator, "reason": reason}
    )
