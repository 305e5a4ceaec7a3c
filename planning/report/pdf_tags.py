"""A PDF whose texts are tagged: headings, paragraphs and pictures, in reading order.

Screen readers follow the tags; what bears none (rules, the foot of pages) is left out.  The
library writes a flat structure for pictures only; here each text that it draws is put into the
element that is open, through its own builder.  Tables are tagged line by line: the page, which
says the same, has them with their headings.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from fpdf import FPDF
from fpdf.structure_tree import StructElem

Role = Literal["H1", "H2", "P"]

_SHOWS_TEXT: Final = (b" Tj", b" TJ")


class TaggedPages(FPDF):
    """Pages whose texts are tagged by the role that is open."""

    def __init__(self, **settings: Any) -> None:
        self._role: Role | None = None
        self._whole = True
        self._element: tuple[int, StructElem] | None = None
        self._marks: dict[int, int] = {}
        super().__init__(**settings)

    @contextmanager
    def role(self, role: Role | None, *, whole: bool = True) -> Iterator[None]:
        """Tag the texts drawn inside; ``None`` leaves them out.

        Parameters
        ----------
        role
            Their role.
        whole
            Whether they make one element (a paragraph on several lines), or one each.
        """
        before = self._role, self._whole, self._element
        self._role, self._whole, self._element = role, whole, None
        try:
            yield
        finally:
            self._role, self._whole, self._element = before

    @contextmanager
    def picture(self, said: str) -> Iterator[None]:
        """Tag all that is drawn inside, on one page, as one picture; ``said`` tells it."""
        mark = self._next_mark()
        self._add_marked_content(struct_type="/Figure", mcid=mark, alt_text=said)
        super()._out(f"/Figure <</MCID {mark}>> BDC")
        with self.role(None):
            yield
        super()._out("EMC")

    def _out(self, s: str | bytes) -> None:
        content = s if isinstance(s, bytes) else str(s).encode("latin1")
        if self._role is None or not any(one in content for one in _SHOWS_TEXT):
            super()._out(content)
            return
        mark = self._next_mark()
        if self._whole and self._element is not None and self._element[0] == self.page:
            element = self._element[1]
            element.k.append(mark)
            builder = self.struct_builder
            page = builder.spid_per_page_number[self.page]
            builder.struct_tree_root.parent_tree.nums[page].append(element)
        else:
            element = self._add_marked_content(struct_type=f"/{self._role}", mcid=mark)
            self._element = self.page, element
        super()._out(f"/{self._role} <</MCID {mark}>> BDC")
        super()._out(content)
        super()._out("EMC")

    def _next_mark(self) -> int:
        mark = self._marks.get(self.page, 0)
        self._marks[self.page] = mark + 1
        return mark
