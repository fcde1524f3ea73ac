"""A slope with lots as random effect, and a hazard clustered by lot: where the extra ``outcomes`` is installed.

Nothing is fitted to fewer than eight recipients or three lots, and whatever the fit complains of is said instead of a
number. A number between two bounds stands as their middle, and it is said how many do.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from registry.outcomes.relation import Point, middle
from registry.outcomes.suppression import FEWEST

FEWEST_LOTS = 3
_MISSING = "The extra outcomes is not installed here: pip install 'cell-product-registry[outcomes]'."


@dataclass(frozen=True, slots=True)
class Fit:
    """What a model says: an estimate with its 95 % interval, or ``why_not`` in a sentence.

    ``what`` is ``slope`` (outcome per unit of the characteristic, lots as random effect) or ``hazard ratio`` (per unit,
    clustered by lot). ``between_bounds`` counts the numbers that stand as the middle of two bounds.
    """

    what: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    between_bounds: int = 0
    why_not: str = ""


def slope(points: Sequence[Point]) -> Fit:
    """A mixed model by restricted maximum likelihood: outcome on characteristic and dose, an intercept for each lot."""
    used = [(point, x, y) for point in points if point.y is not None
            if (x := middle(point.x)) is not None and (y := middle(point.y)) is not None]  # fmt: skip
    if why := _too_few([point for point, _x, _y in used], len({x for _p, x, _y in used})):
        return Fit("slope", why_not=why)
    try:
        import pandas as pd
        import statsmodels.formula.api as smf
    except ImportError:
        return Fit("slope", why_not=_MISSING)
    frame = pd.DataFrame(
        {"x": [float(x) for _p, x, _y in used], "y": [float(y) for _p, _x, y in used],
         "lot": [p.lot for p, _x, _y in used], "dose": [p.dose / 1e6 for p, _x, _y in used]}
    )  # fmt: skip
    formula = "y ~ x + dose" if frame["dose"].nunique() > 1 else "y ~ x"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", "The MLE may be on the boundary")
            warnings.filterwarnings("ignore", "Random effects covariance is singular")
            fitted = smf.mixedlm(formula, frame, groups=frame["lot"]).fit(reml=True)
            low, high = (float(bound) for bound in fitted.conf_int().loc["x"])
    except Exception as error:
        return Fit("slope", why_not=f"The model could not be fitted: {_short(error)}.")
    inexact = sum(p.x.low != p.x.high or (p.y is not None and p.y.low != p.y.high) for p, _x, _y in used)
    return Fit("slope", float(fitted.params["x"]), low, high, inexact)


def hazard(points: Sequence[Point]) -> Fit:
    """A Cox model of the time until it first happened, its errors clustered by lot."""
    used = [(p, x) for p in points if p.happened is not None and p.days is not None and p.days > 0
            if (x := middle(p.x)) is not None]  # fmt: skip
    if why := _too_few([point for point, _x in used], len({x for _p, x in used})):
        return Fit("hazard ratio", why_not=why)
    if not any(point.happened for point, _x in used):
        return Fit("hazard ratio", why_not="It never happened, so that there is no time to compare.")
    try:
        import pandas as pd
        from lifelines import CoxPHFitter
    except ImportError:
        return Fit("hazard ratio", why_not=_MISSING)
    frame = pd.DataFrame(
        {"x": [float(x) for _p, x in used], "days": [p.days for p, _x in used],
         "happened": [p.happened for p, _x in used], "lot": [p.lot for p, _x in used]}
    )  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            warnings.filterwarnings("ignore", category=FutureWarning)
            line = CoxPHFitter().fit(frame, "days", "happened", cluster_col="lot").summary.loc["x"]
    except Exception as error:
        return Fit("hazard ratio", why_not=f"The model could not be fitted: {_short(error)}.")
    low, high = (float(line[f"exp(coef) {end} 95%"]) for end in ("lower", "upper"))
    return Fit("hazard ratio", float(line["exp(coef)"]), low, high, sum(p.x.low != p.x.high for p, _x in used))


def _too_few(points: Sequence[Point], values: int) -> str:
    lots = len({point.lot for point in points})
    if len(points) < FEWEST or lots < FEWEST_LOTS:
        return f"Nothing is fitted to fewer than {FEWEST} recipients or {FEWEST_LOTS} lots."
    return "Every lot has the same value, so that nothing can be compared." if values < 2 else ""


def _short(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")[:160] or type(error).__name__
