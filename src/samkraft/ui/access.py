"""Who may open a page. Everything is closed until a view declares its policy.

A view carries one policy, declared with a decorator of this module:

- `@public`: anyone, signed in or not.
- `@public_page(tags)`: as `public`, and kept in the page cache for anonymous readers.
- `@signed_in`: anyone with an account.
- `@allowed("rule")`: an account for which the rule of that name holds; others see "not found", so that
  nobody learns that there is something to see.

Views of other packages cannot carry a decorator: `declare_external` names their policy by module.
"""

from collections.abc import Callable, Iterable
from functools import partial, wraps
from typing import Any

import rules
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url

View = Callable[..., HttpResponse]
Tags = Callable[..., Iterable[str]]

PUBLIC = "public"
SIGNED_IN = "signed in"
_external: dict[str, str] = {}


def public(view: View) -> View:
    """Anyone may open the page."""
    view.access_policy = PUBLIC  # type: ignore[attr-defined]
    return view


def public_page(tags: Tags | str) -> Callable[[View], View]:
    """Anyone may open the page, and anonymous readers get it from the page cache.

    `tags` names what the page shows: one tag, or a function of the view's keyword arguments that returns
    tags. The page is made anew as soon as `page_cache.changed(tag)` is called for one of them.
    """
    tags_of = (lambda **kwargs: (tags,)) if isinstance(tags, str) else tags

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response.page_tags = tuple(tags_of(**kwargs))  # type: ignore[attr-defined]
            return response

        wrapped.access_policy = PUBLIC  # type: ignore[attr-defined]
        return wrapped

    return decorate


def signed_in(view: View) -> View:
    """Anyone with an account may open the page; others are asked to sign in first."""
    view.access_policy = SIGNED_IN  # type: ignore[attr-defined]
    return view


def allowed(rule: str) -> Callable[[View], View]:
    """Accounts for which `rule` holds may open the page; to other accounts it does not exist."""

    def decorate(view: View) -> View:
        view.access_policy = rule  # type: ignore[attr-defined]
        return view

    return decorate


def declare_external(module: str, policy: str) -> None:
    """Declare the policy of all views in `module` (and modules below it), which another package owns."""
    _external[module] = policy


def policy_of(view: View) -> str | None:
    """The declared policy of a view, or None when nobody has declared one."""
    while isinstance(view, partial):
        view = view.func
    declared = getattr(view, "access_policy", None)
    if declared is not None:
        return str(declared)
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    while module:
        if module in _external:
            return _external[module]
        module = module.rpartition(".")[0]
    return None


class AccessMiddleware:
    """Closes every view that the reader may not open; a view without a policy is closed to all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        policy = policy_of(view)
        if policy == PUBLIC:
            return None
        if policy is None:
            raise Http404("This view has no declared access policy.")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if policy == SIGNED_IN or rules.test_rule(policy, request.user):
            return None
        raise Http404("The reader may not open this view.")
