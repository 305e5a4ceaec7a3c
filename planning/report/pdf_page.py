"""The pages of a PDF report: fonts, colours, foot, and how a text is measured and written."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final, cast

from fpdf.enums import Align
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from planning.report.content import Report
from planning.report.pdf_tags import Role, TaggedPages
from planning.report.writing import typo

FONTS: Final = Path(__file__).parents[2] / "static" / "vendor" / "source-sans-3-0.4.1"
FAMILY: Final = "Source Sans 3"
_FILES: Final[Mapping[str, str]] = {
    "": "SourceSans3_400Regular.ttf",
    "B": "SourceSans3_700Bold.ttf",
}

Colour = tuple[int, int, int]
INK: Final[Colour] = (22, 22, 22)
BLUE: Final[Colour] = (0, 0, 145)
GREY: Final[Colour] = (90, 90, 90)
RULE: Final[Colour] = (204, 204, 204)
HEAD: Final[Colour] = (238, 239, 251)

LINE_MM: Final = 5.0
LACKING: Final = "□"
"""Stands for a character that the font does not have."""


class Pages(TaggedPages):
    """Pages of A4 with the report's name and number at their foot.

    ``lacking`` tells whether some character had to be replaced.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self.lacking = False
        for style, name in _FILES.items():
            self.add_font(FAMILY, style, FONTS / name)
        fonts = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        self._known = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
        self.named = self.readable(f"{report.title} : {report.territory}")
        self.set_margins(16, 16)
        self.set_auto_page_break(True, 20)
        self.set_title(self.named)
        self.set_author(report.author or "Établi avec « Où déployer les conseillers numériques »")
        self.set_subject(report.summary)
        self.set_lang("fr-FR")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        # The same report gives the same file, whenever it is made.
        self.set_creation_date(datetime.combine(report.on, time(12), UTC))

    def footer(self) -> None:
        """Write the name of the report and the page's number."""
        self.set_y(-14)
        self.set_font(FAMILY, size=8.5)
        self.set_text_color(*GREY)
        with self.artifact():
            self.cell(self.epw * 0.8, 5, self.cut(self.named, self.epw * 0.8))
            self.cell(0, 5, f"page {self.page_no()} sur {{nb}}", align=Align.R)

    def readable(self, text: str) -> str:
        """Return a text as it is printed: its punctuation in place, nothing lost in silence."""
        kept = []
        for char in typo(text):
            if char == "\n" or ord(char) in self._known:
                kept.append(char)
            elif unicodedata.category(char) not in ("Cc", "Cf"):  # those are never seen
                kept.append(LACKING)
                self.lacking = True
        return "".join(kept)

    def block(self, role: Role, text: str, line_mm: float = LINE_MM) -> None:
        """Write a text over the whole width, in the font and colour that are set."""
        with self.tagged(role):
            self.multi_cell(0, line_mm, text, align=Align.L, new_x="LMARGIN")

    def text_block(self, text: str, size: float = 10.5, colour: Colour = INK) -> None:
        """Write a paragraph."""
        self.set_font(FAMILY, size=size)
        self.set_text_color(*colour)
        self.block("P", self.readable(text))

    def lines(self, text: str, width: float, size: float, style: str = "") -> list[str]:
        """Return the lines of a text in a width in millimetres; sets the font."""
        self.set_font(FAMILY, style, size)
        found = self.multi_cell(width, 4, text, align=Align.L, dry_run=True, output="LINES")
        return cast("list[str]", found)

    def cut(self, text: str, width: float) -> str:
        """Shorten a text that is wider than ``width``."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text}…"
