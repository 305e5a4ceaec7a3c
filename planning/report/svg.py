"""A drawing as inline SVG: no library, no network, prints as it looks."""

from html import escape

from coverage.arrays import FloatArray
from planning.report.drawing import Area, Areas, Disc, Drawing, Lines, Shape, Square, Text

MARGIN = 10.0


def svg(drawing: Drawing) -> str:
    """Return a drawing as an ``<svg>`` element that bears its title."""
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    return "\n".join(
        [
            f'<svg viewBox="{-MARGIN:.0f} {-MARGIN:.0f} {width:.0f} {height:.0f}" role="img" '
            f'aria-label="{escape(drawing.title)}">',
            *(_shape(shape) for shape in drawing.shapes),
            "</svg>",
        ]
    )


def _shape(shape: Shape) -> str:
    if isinstance(shape, Areas):
        drawn = "".join(_area(item) for item in shape.items)
        return f'<g stroke="{shape.edge}" stroke-width="{shape.width}">{drawn}</g>'
    if isinstance(shape, Lines):
        return _lines(shape)
    if isinstance(shape, Disc):
        return _disc(shape)
    if isinstance(shape, Square):
        side = 2 * shape.half
        return (
            f'<rect x="{shape.x - shape.half:.1f}" y="{shape.y - shape.half:.1f}" '
            f'width="{side:.1f}" height="{side:.1f}" fill="{shape.fill}" stroke="#fff" '
            f'stroke-width="0.8">{_title(shape.title)}</rect>'
        )
    return _text(shape)


def _title(title: str) -> str:
    return f"<title>{escape(title)}</title>" if title else ""


def _points(at: FloatArray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at)


def _area(area: Area) -> str:
    path = "".join(f"{_points(ring)}Z" for ring in area.rings)
    return f'<path fill="{area.fill}" d="{path}">{_title(area.title)}</path>'


def _lines(lines: Lines) -> str:
    dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in lines.dash)}"' if lines.dash else ""
    return (
        f'<path fill="none" stroke="{lines.colour}" stroke-width="{lines.width}"{dash} '
        f'd="{"".join(_points(path) for path in lines.paths)}"/>'
    )


def _disc(disc: Disc) -> str:
    drawn = (
        f'<circle cx="{disc.x:.1f}" cy="{disc.y:.1f}" r="{disc.radius:.1f}" fill="{disc.fill}" '
        f'stroke="#fff" stroke-width="1">{_title(disc.title)}</circle>'
    )
    if disc.label:
        drawn += (
            f'<text x="{disc.x:.1f}" y="{disc.y + 3:.1f}" fill="#fff" font-size="9" '
            f'text-anchor="middle">{escape(disc.label)}</text>'
        )
    return drawn


def _text(text: Text) -> str:
    return (
        f'<text x="{text.x:.1f}" y="{text.y:.1f}" font-size="{text.size:g}" fill="#161616" '
        'stroke="#fff" stroke-width="2.5" paint-order="stroke" stroke-linejoin="round">'
        f"{escape(text.text)}</text>"
    )
