"""A PDF whose content is tagged: headings, paragraphs, pictures and tables, in reading order.

Screen readers follow the tags; what is no content (rules, the foot of pages, headings of a
table that are repeated) is marked as an artifact.

fpdf2 has no public way to tag (its own builder is flat and made for pictures), so two things
of its inside are used here, and nowhere else: ``_out``, to write the operators that open and
close marked content, and ``fpdf.structure_tree``, whose builder is replaced by one that holds
a tree.  ``tests/planning/report/test_pdf_tags.py`` fails by name where an upgrade changes them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from fpdf import FPDF
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject, PDFString

Role = Literal["H1", "H2", "P", "Figure", "Table", "Caption", "TR", "TH", "TD"]
Scope = Literal["", "Row", "Column"]

_ARTIFACT: Final = "/Artifact BMC"
_END: Final = "EMC"


class Element(StructElem):
    """An element of the structure; ``a`` says what a heading of a table is the heading of."""

    def __init__(self, role: Role, parent: PDFObject, page: tuple[int, Any], scope: Scope) -> None:
        super().__init__(f"/{role}", parent, [], page[0])
        self.role: Role = role
        self.scope: Scope = scope
        self.pg = page[1]
        self.a = f"<</O /Table /Scope /{scope}>>" if scope else None

    def __dir__(self) -> list[str]:
        """Leave out what is no entry of the PDF: the library writes every attribute."""
        return [name for name in super().__dir__() if name not in ("role", "scope")]


class Structure(StructureTreeBuilder):
    """The elements as a tree, and the marks of each page in their order."""

    def __iter__(self) -> Iterator[PDFObject]:
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        yield from _below(self.doc_struct_elem)

    def mark(self, element: StructElem, page: int) -> tuple[int, int]:
        """Return the number of a new mark of an element on a page, and that of the page."""
        number = self.spid_per_page_number.setdefault(page, len(self.spid_per_page_number))
        owners = self.struct_tree_root.parent_tree.nums[number]
        owners.append(element)
        element.k.append(len(owners) - 1)
        return len(owners) - 1, number


def _below(element: StructElem) -> Iterator[StructElem]:
    for one in element.k:
        if isinstance(one, StructElem):
            yield one
            yield from _below(one)


class TaggedPages(FPDF):
    """Pages whose content is tagged by the element that is open."""

    def __init__(self, **settings: Any) -> None:
        self._elements: list[Element] = []
        self._marked = False
        super().__init__(**settings)
        self.structure: Final = Structure()
        self.struct_builder = self.structure

    @contextmanager
    def element(self, role: Role, scope: Scope = "", said: str = "") -> Iterator[None]:
        """Open an element that holds others; ``said`` tells what a picture shows."""
        self._elements.append(self._new(role, scope))
        if said:
            self._elements[-1].alt = PDFString(said)
        try:
            yield
        finally:
            self._elements.pop()

    @contextmanager
    def tagged(self, role: Role, scope: Scope = "", said: str = "") -> Iterator[None]:
        """Tag all that is drawn inside; a text may go on over the next page."""
        with self.element(role, scope, said):
            self._begin()
            try:
                yield
            finally:
                self._end()

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Mark what is drawn inside, on one page, as no content."""
        self._out(_ARTIFACT)
        try:
            yield
        finally:
            self._out(_END)

    def add_page(self, *args: Any, **settings: Any) -> None:
        """Begin a page; a text under way goes on there, as an element of its own."""
        under_way = self._marked
        if under_way:
            self._end()
        super().add_page(*args, **settings)
        if under_way:
            last = self._elements.pop()
            self._elements.append(self._new(last.role, last.scope))
            self._begin()

    def _new(self, role: Role, scope: Scope) -> Element:
        parent = self._elements[-1] if self._elements else self.structure.doc_struct_elem
        element = Element(role, parent, (self.page, self.pages[self.page]), scope)
        parent.k.append(element)
        return element

    def _begin(self) -> None:
        element = self._elements[-1]
        mark, page = self.structure.mark(element, self.page)
        self.pages[self.page].struct_parents = page
        self._out(f"/{element.role} <</MCID {mark}>> BDC")
        self._marked = True

    def _end(self) -> None:
        self._out(_END)
        self._marked = False
