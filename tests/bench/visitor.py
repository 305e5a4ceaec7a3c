"""A visitor who speaks the framework's own protocol: a session of the server, without a browser.

It opens a page, learns its widgets from what the server sends, and changes them as a browser
would.  A run counts from what is sent to the word of the server that it is over.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: TID251 - speaks its protocol
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: TID251 - the same
from streamlit.proto.WidgetStates_pb2 import WidgetState  # noqa: TID251 - the same
from websockets.asyncio.client import ClientConnection, connect

LONGEST_S: Final = 60.0
_OVER: Final = ("FINISHED_SUCCESSFULLY", "FINISHED_FRAGMENT_RUN_SUCCESSFULLY")
_FAILED: Final = ("FINISHED_WITH_COMPILE_ERROR",)


@dataclass
class Widget:
    """A widget as the server described it."""

    id: str
    kind: str
    fragment: str
    options: tuple[str, ...] = ()


@dataclass
class Visitor:
    """One session on one page.

    Parameters
    ----------
    address
        Of the server, ``http://…``.
    page
        Address of the page, without slash; empty for the first one.
    query
        Parameters of its link.
    """

    address: str
    page: str = ""
    query: str = ""
    widgets: dict[str, Widget] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _page_hash: str = ""
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> "Visitor":
        where = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(
            where, subprotocols=["streamlit"], origin=self.address, max_size=None
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def open(self) -> float:
        """Open the page; return the seconds until it was whole."""
        return await self._run("")

    async def choose(self, label: str, rng: random.Random) -> float:
        """Choose an option of a list; return the seconds until the page was whole."""
        widget = self._widget(label)
        option = rng.choice(widget.options)
        return await self._changed(widget, WidgetState(id=widget.id, string_value=option))

    async def type(self, label: str, text: str) -> float:
        """Type a text; return the seconds until the page was whole."""
        widget = self._widget(label)
        return await self._changed(widget, WidgetState(id=widget.id, string_value=text))

    def _widget(self, label: str) -> Widget:
        try:
            return self.widgets[label]
        except KeyError:
            raise LookupError(
                f"no widget {label!r} on {self.page!r}: {list(self.widgets)}"
            ) from None

    async def _changed(self, widget: Widget, state: WidgetState) -> float:
        self._states[widget.id] = state
        return await self._run(widget.fragment)

    async def _run(self, fragment: str) -> float:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self._page_hash
        state.page_name = "" if self._page_hash else self.page
        state.fragment_id = fragment
        state.widget_states.widgets.extend(self._states.values())
        state.context_info.timezone = "Europe/Paris"
        state.context_info.locale = "fr-FR"
        state.context_info.url = f"{self.address}/{self.page}"
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(LONGEST_S):
            await self._until_over()
        return time.perf_counter() - started

    async def _until_over(self) -> None:
        async for frame in self._socket:
            message = ForwardMsg.FromString(frame)
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._hear(message)
            elif kind == "new_session":
                self._page_hash = message.new_session.page_script_hash
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished":
                name = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
                if name in _OVER:
                    return
                if name in _FAILED:
                    self.errors.append(name)
                    return
        raise ConnectionError("the server closed the session")

    def _hear(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)
        elif kind in ("selectbox", "text_input"):
            widget = getattr(element, kind)
            options = tuple(widget.options) if kind == "selectbox" else ()
            fragment = message.delta.fragment_id
            self.widgets[widget.label] = Widget(widget.id, kind, fragment, options)
