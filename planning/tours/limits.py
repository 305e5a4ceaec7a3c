"""Limits of a van's day, and the prices of the objective."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class WorkingDay:
    """Limits of a van's day, in minutes since midnight or minutes.

    The lunch break falls wholly between ``lunch_from_min`` and ``lunch_until_min``.
    A route that is back before it, or leaves after it, leaves room for it at the base
    and carries none.  It never cuts a visit, except one longer than
    ``half_day_min``: the stop then closes for lunch.  ``max_work_min`` bounds the time
    from leaving to coming back, lunch taken off.
    """

    start_min: float = 480.0
    end_min: float = 1080.0
    public_from_min: float = 540.0
    public_until_min: float = 1050.0
    lunch_min: float = 60.0
    lunch_from_min: float = 690.0
    lunch_until_min: float = 840.0
    half_day_min: float = 240.0
    max_stops: int = 2
    max_drive_min: float = 180.0
    max_work_min: float = 480.0
    round_min: float = 5.0

    def faults(self) -> list[str]:
        """Return what is wrong with these limits, as French sentences."""
        said = [
            (self.start_min < self.end_min, "la journée finit avant d'avoir commencé"),
            (self.start_min >= 0 and self.end_min <= 1440, "la journée sort des 24 heures"),
            (
                self.public_from_min < self.public_until_min,
                "l'accueil du public finit avant d'avoir commencé",
            ),
            (
                self.lunch_min == 0 or self.lunch_from_min + self.lunch_min <= self.lunch_until_min,
                "la pause de midi ne tient pas dans sa plage",
            ),
            (self.lunch_min >= 0, "la pause de midi est négative"),
            (self.max_stops >= 1, "le nombre d'arrêts par jour est nul"),
            (self.max_drive_min > 0, "la durée de conduite permise est nulle"),
            (self.max_work_min > 0, "la durée de travail permise est nulle"),
            (self.round_min > 0, "l'arrondi des horaires est nul"),
        ]
        return [f"Journée de travail : {text}." for holds, text in said if not holds]


@dataclass(frozen=True)
class TourCosts:
    """Prices of the objective, in euros.

    ``eur_per_km`` is the middle band of the allowance of 2022 for 6–7 CV (arrêté of
    14 March 2022); ``eur_per_h`` is the grant of 50 000 € for 24 months over 1 607 h a
    year and pays hours of driving; ``eur_per_van_day`` is an assumption: what sending
    a van out costs, whatever it drives.
    """

    eur_per_km: float = 0.51
    eur_per_h: float = 15.56
    eur_per_van_day: float = 20.0
    eur_per_moved_visit: float = 5.0

    def faults(self) -> list[str]:
        """Return what is wrong with these prices, as French sentences."""
        values = (
            self.eur_per_km,
            self.eur_per_h,
            self.eur_per_van_day,
            self.eur_per_moved_visit,
        )
        if all(math.isfinite(value) and value >= 0 for value in values):
            return []
        return ["Les coûts doivent être positifs ou nuls."]
