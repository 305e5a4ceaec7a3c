"""How far modelled minutes are from real roads: the figures that every page repeats.

Measured by :mod:`coverage.calibration` on pairs of places held out of the fit; see
``docs/method-access.md``.
"""

from typing import Final

LENGTH_ERROR_MEDIAN: Final = 0.12
"""Median relative error of modelled road lengths (share)."""

LENGTH_ERROR_P90: Final = 0.30
"""Relative error that nine lengths in ten do not exceed (share)."""
