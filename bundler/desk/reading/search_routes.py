"""The page of the search inside papers: the hits by case, each with a link that opens its page in the viewer."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.reader import CASE_FILE
from bundler.case_search.full_text_search import SearchHit, search_words
from bundler.desk.case_registry import CaseRef
from bundler.desk.shared_objects import desk_services, rights_of, visible_cases
from bundler.desk.templating import template_response

_MAX_QUERY = 200
_INDEX_SECONDS = 1.0
"""How long the list of cases is waited for, which tells whose cases they are."""


def show_search(request: Request) -> Response:
    """The search page; for a request of the page's script, its hits alone."""
    services, rights = desk_services(request), rights_of(request)
    search = services.paper_search
    text = request.query_params.get("q", "").strip()[:_MAX_QUERY]
    words = search_words(text)
    found = search.search(words) if words else None
    if found is not None and not rights.sees_case(()):
        services.case_index.refresh(_INDEX_SECONDS)
        visible = frozenset(one.key for one in visible_cases(request))
        found = found.only(visible) if services.case_index.is_ready else None  # the page asks again
    context = {
        "q": text,
        "found": found,
        "progress": search.progress,
        "again": f"/find?{urlencode({'q': text})}",
        "address_of": lambda ref, hit: _address(ref, hit, text),
    }
    return template_response(request, "find_hits.html" if "hx-request" in request.headers else "find.html", context)


def _address(ref: CaseRef, hit: SearchHit, text: str) -> str:
    """Where the desk shows a hit: the form for what was typed, else the viewer of the paper."""
    if hit.file == CASE_FILE:
        return f"/cases/{ref.key}"
    place = {"file": hit.file, "page": str(hit.page or 1), "q": text}
    return f"/cases/{ref.key}/materials?{urlencode(place)}"


routes = [Route("/find", show_search)]
