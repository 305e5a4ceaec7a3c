"""The one door to HiGHS: a mixed-integer programme in arrays, one thread, interruptible."""

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.watch import Watch
from planning.stopping import after_seconds

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Programme:
    """Minimise ``cost @ x`` with ``low <= matrix @ x <= high`` and ``0 <= x <= upper``.

    Attributes
    ----------
    cost, upper
        Shape (n_variable,).
    matrix
        Shape (n_row, n_variable).
    low, high
        Shape (n_row,).
    whole
        Which variables are integers, shape (n_variable,).
    lower
        Least value of each variable, shape (n_variable,); zero by default.
    """

    cost: Floats
    matrix: sparse.csr_array
    low: Floats
    high: Floats
    upper: Floats
    whole: Bools
    lower: Floats | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS found.

    ``x`` is ``None`` when it found nothing; ``bound`` is its dual bound; ``infeasible``
    is True only when proven.
    """

    x: Floats | None
    objective: float
    bound: float
    optimal: bool
    infeasible: bool


def minimise(
    programme: Programme,
    watch: Watch,
    *,
    start: Floats | None = None,
    nodes: int = 2**31 - 1,
    seconds: float = np.inf,
) -> Answer:
    """Solve a programme.

    Parameters
    ----------
    programme
        What to solve.
    watch
        Its stop interrupts HiGHS; an exception raised by its progress goes through.
    start
        A first solution, shape (n_variable,).
    nodes
        Most nodes of the tree (a limit that keeps runs reproducible).
    seconds
        Most seconds; only for steps that need not be reproducible.
    """
    if not len(programme.cost):
        possible = bool(((programme.low <= 1e-9) & (programme.high >= -1e-9)).all())
        value = 0.0 if possible else np.inf
        return Answer(np.zeros(0) if possible else None, value, value, possible, not possible)
    options: dict[str, Any] = {
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1e-9,
        "mip_feasibility_tolerance": 1e-9,
        "mip_max_nodes": min(nodes, 2**31 - 1),
        "time_limit": min(float(seconds), watch.left_s),
    }
    highs = passed(programme, options)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    raised: list[BaseException] = []

    def ask(event: Any) -> None:
        try:
            if watch.ask():
                event.interrupt()
            watch.tell("Recherche de la preuve")
        except BaseException as error:  # noqa: BLE001  raised again below, outside of HiGHS
            raised.append(error)
            event.interrupt()

    highs.cbMipInterrupt += ask
    highs.cbSimplexInterrupt += ask
    highs.run()
    if raised:
        raise raised[0]
    return _answer(highs, programme)


def passed(programme: Programme, options: dict[str, Any]) -> Any:
    """Return HiGHS with a programme in it, on one thread, silent and reproducible."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    fixed = {"output_flag": False, "threads": 1, "random_seed": 0}
    for name, value in {**fixed, **options}.items():
        highs.setOptionValue(name, value)
    highs.passModel(_model(programme))
    return highs


def any_plan(programme: Programme, watch: Watch, seconds: float) -> Answer:
    """Return some solution, whatever it costs, for a run that ended before its first.

    Its bound says nothing.  ``watch`` may have stopped already: only its progress, which may
    cancel, is kept; the search has ``seconds`` of its own.
    """
    free = replace(programme, cost=np.zeros_like(programme.cost))
    answer = minimise(free, Watch(after_seconds(seconds), watch.progress))
    objective = np.inf if answer.x is None else float(programme.cost @ answer.x)
    return replace(answer, objective=objective, bound=-np.inf, optimal=False)


def _answer(highs: Any, programme: Programme) -> Answer:
    status = highs.getModelStatus()
    info = highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(highs.getSolution().col_value) if found else None
    optimal = status == highspy.HighsModelStatus.kOptimal
    objective = float(programme.cost @ x) if x is not None else np.inf
    bound = float(info.mip_dual_bound)
    infeasible = status in (
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    )
    return Answer(x, objective, np.inf if infeasible else bound, optimal, infeasible)


def _model(programme: Programme) -> Any:
    lp = highspy.HighsLp()
    rows, columns = programme.matrix.shape
    lp.num_col_ = columns
    lp.num_row_ = rows
    lp.col_cost_ = programme.cost
    lp.col_lower_ = np.zeros(columns) if programme.lower is None else programme.lower
    lp.col_upper_ = programme.upper
    lp.row_lower_ = programme.low
    lp.row_upper_ = programme.high
    matrix = sparse.csr_array(programme.matrix)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data.astype(np.float64)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in programme.whole]
    return lp
