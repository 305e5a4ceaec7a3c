"""A drawing of a map on a page of PDF, as vectors."""

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceRGB
from fpdf.enums import TextMode

from coverage.arrays import FloatArray
from planning.report.content import Sample
from planning.report.drawing import Areas, Disc, Drawing, Lines, Square, Text

PT_PER_MM = 72 / 25.4
WHITE = (255, 255, 255)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def draw(pdf: FPDF, drawing: Drawing, at: tuple[float, float, float], family: str) -> None:
    """Draw a map.

    Parameters
    ----------
    pdf
        The document, on the page of the map.
    drawing
        The map.
    at
        Left and top of the map on the page in millimetres, and millimetres per unit of the
        drawing.
    family
        Family of the texts.
    """
    brush = _Brush(pdf, at, family)
    for shape in drawing.shapes:
        if isinstance(shape, Areas):
            brush.areas(shape)
        elif isinstance(shape, Lines):
            brush.lines(shape)
        elif isinstance(shape, Disc):
            brush.disc(shape)
        elif isinstance(shape, Square):
            brush.square(shape)
        else:
            brush.text(shape)
    pdf.set_dash_pattern()


class _Brush:
    """Draws shapes at their place of the page."""

    def __init__(self, pdf: FPDF, at: tuple[float, float, float], family: str) -> None:
        self.pdf = pdf
        self.left, self.top, self.scale = at
        self.family = family

    def points(self, path: FloatArray) -> list[tuple[float, float]]:
        """Return places of the page, in millimetres."""
        return [(self.left + x * self.scale, self.top + y * self.scale) for x, y in path]

    def pen(self, colour: str, width: float) -> None:
        """Choose how lines are drawn; ``width`` in units of the drawing."""
        self.pdf.set_draw_color(*_rgb(colour))
        self.pdf.set_line_width(width * self.scale)

    def areas(self, areas: Areas) -> None:
        """Fill outlines; a hole is another commune's outline, drawn over it."""
        self.pen(areas.edge, areas.width)
        rings = [(ring, item.fill) for item in areas.items for ring in item.rings]
        for ring, fill in sorted(rings, key=lambda pair: -_extent(pair[0])):
            self.pdf.set_fill_color(*_rgb(fill))
            self.pdf.polygon(self.points(ring), style="DF")

    def lines(self, lines: Lines) -> None:
        """Draw lines, with their dashes."""
        self.pen(lines.colour, lines.width)
        dash = [step * self.scale for step in lines.dash]
        if dash:
            self.pdf.set_dash_pattern(dash=dash[0], gap=dash[1])
        else:
            self.pdf.set_dash_pattern()
        for path in lines.paths:
            if len(path) > 1:
                self.pdf.polyline(self.points(path))
        self.pdf.set_dash_pattern()

    def disc(self, disc: Disc) -> None:
        """Draw a disc and the text in it."""
        self.pen("#ffffff", 1.0)
        self.pdf.set_fill_color(*_rgb(disc.fill))
        x, y = self.left + disc.x * self.scale, self.top + disc.y * self.scale
        self.pdf.circle(x, y, disc.radius * self.scale, style="DF")
        if disc.label:
            self.pdf.set_font(self.family, "B", 9 * self.scale * PT_PER_MM)
            self.pdf.set_text_color(*WHITE)
            half = self.pdf.get_string_width(disc.label) / 2
            self.pdf.text(x - half, y + 3 * self.scale, disc.label)

    def square(self, square: Square) -> None:
        """Draw a square."""
        self.pen("#ffffff", 0.8)
        self.pdf.set_fill_color(*_rgb(square.fill))
        side = 2 * square.half * self.scale
        x = self.left + (square.x - square.half) * self.scale
        y = self.top + (square.y - square.half) * self.scale
        self.pdf.rect(x, y, side, side, style="DF")

    def text(self, text: Text) -> None:
        """Write a text over its halo."""
        self.pdf.set_font(self.family, size=text.size * self.scale * PT_PER_MM)
        x, y = self.left + text.x * self.scale, self.top + text.y * self.scale
        with self.pdf.local_context(
            text_mode=TextMode.STROKE, draw_color=DeviceRGB(1, 1, 1), line_width=2.5 * self.scale
        ):
            self.pdf.text(x, y, text.text)
        self.pdf.set_text_color(22, 22, 22)
        self.pdf.text(x, y, text.text)


def _extent(ring: FloatArray) -> float:
    """Return the area of the box around a ring: an enclave's is smaller than its host's."""
    width, height = ring.max(axis=0) - ring.min(axis=0)
    return float(width * height)


def swatch(pdf: FPDF, sample: Sample, box: tuple[float, float, float, float]) -> None:
    """Draw the sample of a legend's row in a box: left, top, width, height in millimetres."""
    x, y, width, height = box
    pdf.set_draw_color(*_rgb(sample.colour))
    pdf.set_fill_color(*_rgb(sample.colour))
    if sample.shape == "disc":
        pdf.circle(x + width / 2, y + height / 2, height / 2, style="F")
    elif sample.shape == "square":
        pdf.rect(x + width / 2 - height / 2.4, y + 0.3, height / 1.2, height / 1.2, style="F")
    elif sample.shape == "line":
        pdf.set_line_width(0.6)
        dash = [step * 0.2 for step in sample.dash]
        if dash:
            pdf.set_dash_pattern(dash=dash[0], gap=dash[1])
        pdf.line(x, y + height / 2, x + width, y + height / 2)
        pdf.set_dash_pattern()
    else:
        _box(pdf, sample, box)


def _box(pdf: FPDF, sample: Sample, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    hatched = sample.shape == "hatched"
    pdf.set_fill_color(*(WHITE if hatched else _rgb(sample.colour)))
    if hatched:
        pdf.rect(x, y, width, height, style="F")
        pdf.set_line_width(0.35)
        step = height / 2
        for k in range(int(width / step) - 1):
            pdf.line(x + k * step, y + height, x + k * step + height, y)
    pdf.set_draw_color(150, 150, 150)
    pdf.set_line_width(0.15)
    pdf.rect(x, y, width, height, style="D" if hatched else "DF")
