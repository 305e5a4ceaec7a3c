"""A report as one self-contained page, which opens and prints with no internet."""

from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from planning.french import day
from planning.report import content
from planning.report.content import Report, Sample
from planning.report.drawing import Drawing
from planning.report.svg import svg
from planning.report.writing import typo, written


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("planning.report", "."),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(written=written, typo=typo, day=day, svg=_svg, swatch=_swatch)
    kinds = {
        "table": content.Table,
        "figures": content.Figures,
        "paragraph": content.Paragraph,
        "note": content.Note,
        "map_block": content.Map,
        "signature": content.Signature,
    }
    for name, kind in kinds.items():
        environment.tests[name] = lambda block, kind=kind: isinstance(block, kind)
    return environment


def report_page(report: Report) -> str:
    """Return a report as a page."""
    return _environment().get_template("report.html").render(report=report)


def _svg(drawing: Drawing) -> Markup:
    return Markup(svg(drawing))


def _swatch(sample: Sample) -> Markup:
    """Return the drawing that stands before a row of the legend."""
    colour = escape(sample.colour)
    dash = " ".join(f"{d:g}" for d in sample.dash)
    shapes = {
        "area": f'<rect x="1" y="1" width="26" height="14" fill="{colour}" stroke="#999"/>',
        "hatched": '<rect x="1" y="1" width="26" height="14" fill="#fff" stroke="#999"/>'
        f'<path d="M2 15 14 1M11 15 23 1M20 15 27 7" stroke="{colour}" stroke-width="2"/>',
        "disc": f'<circle cx="14" cy="8" r="7" fill="{colour}"/>',
        "square": f'<rect x="9" y="3" width="10" height="10" fill="{colour}"/>',
        "line": f'<path d="M0 8H28" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash}"/>',
    }
    return Markup(f'<svg viewBox="0 0 28 16" aria-hidden="true">{shapes[sample.shape]}</svg>')
