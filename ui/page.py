"""The Gradio page: regions of HTML, one composer, and the wires between them.

Owns: layout and events. Does not own: what happens (`ui.conversation`), what it looks like
(`ui.rendering`, ``static/page.css``), the server (`ui.app`). Importing it loads Gradio.

The transcript is `gr.HTML` and not `gr.Chatbot`: titles and words from outside are text here, never
Markdown, and a card's buttons need real buttons.
"""

# pyright: reportUnknownMemberType=false
# Gradio types its signatures only in part.

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape
from typing import Any

import gradio as gr

from ui.conversation import Action, Conversations, View

_SCRIPT = '<script src="ui/page.js"></script>'
_BIND = "vouch.bind(element, trigger, watch)"
# Whom the browser is for is read anew at every event: another tab may have been told meanwhile.
_SAID = "(id, draft) => [id, draft, vouch.person()]"
_PRESSED = "(id) => [id, vouch.person()]"
_UNANSWERED = "(id, draft) => [id, vouch.unanswered() || draft, vouch.person()]"
_RECALL = (
    "() => [sessionStorage.getItem('vouch.current') || '',"
    " localStorage.getItem('vouch.person') || '']"
)


def build_page(conversations: Conversations, title: str, several: int) -> gr.Blocks:
    """Return the page.

    Parameters
    ----------
    conversations : Conversations
        Carries out what is pressed and typed.
    title : str
        Of the window.
    several : int
        How many actions may run at once, over all people.
    """
    blank = conversations.opened("")
    with gr.Blocks(title=title, analytics_enabled=False, fill_width=True) as page:
        # The browser keeps the id, so that a restarted server goes on with the same conversation.
        session = gr.Textbox(visible="hidden", elem_id="session", label="Session")
        person = gr.Textbox(visible="hidden", elem_id="person", label="Person")
        header = _region("header", blank.header)
        with gr.Row(elem_id="body"):
            with gr.Column(elem_id="main", scale=1, min_width=0):
                thread = _region("thread", blank.thread)
                reply = _region("reply", blank.reply)
                ask = _region("ask", blank.ask)
                slate = _region("slate", blank.slate)
                status = gr.HTML(_status(""), elem_id="status", apply_default_css=False)
                with gr.Row(elem_id="composer"):
                    message = gr.Textbox(
                        label="Message",
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=5,
                        max_length=2000,
                        placeholder="Say it in your own words",
                        elem_id="message",
                        autofocus=True,
                        scale=1,
                    )
                    send = gr.Button(
                        "Send", variant="primary", elem_id="send", scale=0, min_width=72
                    )
            with gr.Column(elem_id="side", scale=0, min_width=0):
                profile = _region("profile", blank.profile)
        regions = [session, message, header, thread, reply, slate, ask, profile, status]

        def open_page(session_id: str, user: str) -> list[Any]:
            return _updates(conversations.opened(session_id, user))

        def say(session_id: str, words: str, user: str) -> Iterator[list[Any]]:
            yield from map(_updates, conversations.act(session_id, Action("say", words), user))

        def act(session_id: str, user: str, event: gr.EventData) -> Iterator[list[Any]]:
            action = Action.parse(event.action, event.subject)
            yield from map(_updates, conversations.act(session_id, action, user))

        def failed(session_id: str, words: str, user: str) -> list[Any]:
            return _updates(conversations.failed(session_id, words, user))

        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": several,
        }
        page.load(open_page, [session, person], regions, js=_RECALL, **quiet)
        acted = [
            gr.on(
                [message.submit, send.click],
                say,
                [session, message, person],
                regions,
                js=_SAID,
                trigger_mode="multiple",
                **quiet,
            ),
            gr.on(
                [region.click for region in (header, thread, slate, ask, profile)],
                act,
                [session, person],
                regions,
                js=_PRESSED,
                trigger_mode="multiple",
                **quiet,
            ),
        ]
        for event in acted:
            event.failure(failed, [session, message, person], regions, js=_UNANSWERED, **quiet)
    page.queue(api_open=False, max_size=64, default_concurrency_limit=several)
    # After every event Gradio sums up up to 10,000 past ones, for a monitor that is shut here.
    page._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # pyright: ignore[reportPrivateUsage]
    return page


def _region(name: str, html: str | None) -> gr.HTML:
    return gr.HTML(
        html or "",
        elem_id=name,
        apply_default_css=False,
        js_on_load=_BIND,
        head=_SCRIPT,
    )


def _updates(view: View) -> list[Any]:
    values = (
        view.session_id,
        view.message,
        view.header,
        view.thread,
        view.reply,
        view.slate,
        view.ask,
        view.profile,
        None if view.status is None else _status(view.status),
    )
    return [gr.skip() if value is None else value for value in values]


def _status(text: str) -> str:
    return f'<p role="status">{escape(text)}</p>'
