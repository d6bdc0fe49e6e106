"""The labelling page's server: which address answers what. Each answer is made by :class:`Workspace`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from factharness.errors import HarnessError, OutputError
from factharness.label import page
from factharness.label.guard import HEADERS, OPEN, AccessGuard
from factharness.label.wire import AskedReview, AskedValue, NewArticle, Refused, Save
from factharness.label.workspace import Workspace

Body = TypeVar("Body")
Next = Callable[[Request], Awaitable[Response]]


class _Json(Response):
    """A msgspec value as JSON."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)


def app(workspace: Workspace, guard: AccessGuard) -> Starlette:
    """The server of the articles of ``workspace``, for those whom ``guard`` lets in."""

    async def articles(_request: Request) -> Response:
        return await _answer(workspace.articles)

    async def opened(request: Request) -> Response:
        return await _answer(workspace.opened, request.path_params["id"])

    async def save(request: Request) -> Response:
        body = await _body(request, Save)
        return await _answer(workspace.save, request.path_params["id"], body)

    async def review(request: Request) -> Response:
        body = await _body(request, AskedReview)
        return await _answer(workspace.review, request.path_params["id"], body)

    async def value(request: Request) -> Response:
        return await _answer(workspace.value, await _body(request, AskedValue))

    async def examples(request: Request) -> Response:
        return await _answer(workspace.examples, request.path_params["label"])

    async def make(request: Request) -> Response:
        return await _answer(workspace.make, await _body(request, NewArticle))

    async def html(_request: Request) -> Response:
        return Response(page.html(), media_type="text/html")

    async def script(_request: Request) -> Response:
        return Response(page.script(), media_type="text/javascript")

    async def style(_request: Request) -> Response:
        return Response(page.style(), media_type="text/css")

    async def icon(_request: Request) -> Response:
        return Response(page.icon(), media_type="image/svg+xml")

    async def check(request: Request, call_next: Next) -> Response:
        response = await _guarded(guard, request, call_next)
        response.headers.update(HEADERS)
        return response

    return Starlette(
        routes=[
            Route("/", html),
            Route("/page.js", script),
            Route("/page.css", style),
            Route("/icon.svg", icon),
            Route("/api/articles", articles),
            Route("/api/articles", make, methods=["POST"]),
            Route("/api/articles/{id}", opened),
            Route("/api/articles/{id}/save", save, methods=["POST"]),
            Route("/api/articles/{id}/review", review, methods=["POST"]),
            Route("/api/value", value, methods=["POST"]),
            Route("/api/examples/{label}", examples),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=check)],
        exception_handlers={HarnessError: _refusal, Exception: _bug},
    )


async def _guarded(guard: AccessGuard, request: Request, call_next: Next) -> Response:
    """The answer to a request that ``guard`` lets in; the token in the address becomes a cookie."""
    objection = guard.objection(request.method, request.headers)
    if objection is not None:
        return _refused(*objection)
    if request.url.path == "/" and guard.knows(request.query_params.get("token")):
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(guard.cookie_name, guard.token, httponly=True, samesite="strict")
        return answer
    if not guard.knows(request.cookies.get(guard.cookie_name)):
        return _refused(403, "not let in", OPEN)
    return await call_next(request)


async def _answer(function: Callable[..., Any], *args: Any) -> Response:
    """What a function of the workspace returns, called in a thread, since it reads and writes files."""
    return _Json(await run_in_threadpool(function, *args))


async def _body(request: Request, kind: type[Body]) -> Body:
    """The body of a request as a value of that type. Raises :class:`Refused` for any other."""
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Refused(400, f"not what is asked here: {error}", "reload the page") from None


def _refusal(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HarnessError)
    status = 503 if isinstance(error, OutputError) else 400  # 503: the page tries again
    if isinstance(error, Refused):
        status = error.status
    place = "" if error.line is None else f"line {error.line}: "
    return _refused(status, place + error.message, error.remedy or "")


def _bug(_request: Request, _error: Exception) -> Response:
    """The answer to the page; the server prints the error after it."""
    remedy = "nothing was saved of this; please report what the terminal shows"
    return _Json({"error": "this is a bug", "remedy": remedy}, 500, HEADERS)


def _refused(status: int, error: str, remedy: str) -> Response:
    return _Json({"error": error, "remedy": remedy}, status)
