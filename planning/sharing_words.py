"""Why a unit receives what it does, in a French sentence."""

import numpy as np

from planning.sharing import Claims, Method, Shared


def reasons(total: int, claims: Claims, found: Shared, method: Method) -> list[str]:
    """Return why each unit receives what it does, in a French sentence."""
    weighed = claims.weights.sum()
    free = total * claims.weights / weighed if weighed else np.zeros(len(claims.weights))
    texts = []
    for i, positions in enumerate(found.positions):
        base = f"part exacte {_french(found.exact[i])}"
        if abs(free[i] - found.exact[i]) > 0.005:
            base += f" ({_french(free[i])} sans minimums ni plafonds)"
        if positions == claims.low[i] and found.exact[i] <= claims.low[i] and claims.low[i]:
            texts.append(f"{base} : minimum de {positions}")
        elif positions == claims.high[i] and found.exact[i] >= claims.high[i]:
            texts.append(f"{base} : plafond de {positions}")
        else:
            texts.append(f"{base} : {_rule(i, claims, found, method)}")
    return texts


def _rule(i: int, claims: Claims, found: Shared, method: Method) -> str:
    positions, exact = int(found.positions[i]), float(found.exact[i])
    if method == "largest-remainder":
        if positions > exact + 1e-9:
            return f"{positions - 1}, et un de plus pour son reste, parmi les plus grands"
        return f"{positions} ; son reste n'en donne pas un de plus"
    if method == "sainte-lague":
        following = "le 1er" if not positions else f"le {positions + 1}ᵉ"
        quotient = _french(claims.weights[i] / (positions + 0.5), 0)
        return f"{positions} ; {following} aurait le quotient {quotient}, trop faible"
    if not claims.weights[i]:
        return f"{positions}, personne à servir"
    minutes = 60 * claims.hours[i] * positions / claims.weights[i]
    return f"{positions}, soit {_french(minutes, 1)} min par personne comptée et par an"


def _french(value: float, digits: int = 2) -> str:
    return f"{value:,.{digits}f}".replace(",", "\u202f").replace(".", ",")
