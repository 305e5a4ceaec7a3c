"""Mobile tours: stops and vans in, a calendar out."""

from planning.tours.limits import TourCosts, WorkingDay
from planning.tours.periodic import solve
from planning.tours.plan import DayRoute, TourPlan, Unserved, Visit
from planning.tours.problem import TourBase, TourProblem, TourStop
from planning.tours.stops import StopRules, dense_minutes, isolated_stops

__all__ = [
    "DayRoute",
    "StopRules",
    "TourBase",
    "TourCosts",
    "TourPlan",
    "TourProblem",
    "TourStop",
    "Unserved",
    "Visit",
    "WorkingDay",
    "dense_minutes",
    "isolated_stops",
    "solve",
]
