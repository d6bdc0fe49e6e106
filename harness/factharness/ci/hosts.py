"""What the variables of GitHub Actions and GitLab CI say: where a run is seen, where a comment is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Environment: TypeAlias = Mapping[str, str]


class NotAllowed(Exception):
    """There is no comment to be kept, or this job may not keep it; the reason is for the log of the job."""


class Host(Struct, frozen=True):
    """How a service keeps the comments of one pull request.

    ``comments`` is the address that lists them and takes a new one. With ``/ID`` after it, ``comment`` is the
    address of one of them, and ``method`` is what replaces its text. ``me`` is the address that says whose
    token it is; where it is empty, a comment by a bot or by somebody who works on the repository is ours.
    ``remedy`` is for whoever may not write there.
    """

    name: str
    comments: str
    comment: str
    method: Literal["PATCH", "PUT"]
    headers: dict[str, str]
    me: str
    remedy: str


def run_address(environment: Environment) -> str:
    """The page on which readers see the job, or the workflow run, and its files; empty elsewhere."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return environment.get("CI_JOB_URL", "")


def workspace(environment: Environment) -> str:
    """The folder into which the repository was checked out; empty elsewhere."""
    return environment.get("GITHUB_WORKSPACE") or environment.get("CI_PROJECT_DIR", "")


def host(environment: Environment, number: int | None = None) -> Host:
    """The service that this job runs on, for its pull request, or for the one with a ``number``.

    Raises :class:`NotAllowed` outside of such a job, without a pull request, and without a token.
    """
    if environment.get("GITHUB_ACTIONS"):
        return _github(environment, number)
    if environment.get("GITLAB_CI"):
        return _gitlab(environment, number)
    raise NotAllowed("this is no job of GitHub Actions or GitLab CI (GITHUB_ACTIONS, GITLAB_CI)")


def _github(environment: Environment, number: int | None) -> Host:
    found = re.match(r"refs/pull/(\d+)/", environment.get("GITHUB_REF", ""))
    number = number or (int(found[1]) if found else None)
    if number is None:
        raise NotAllowed("this job is not about a pull request (GITHUB_REF)")
    api = environment.get("GITHUB_API_URL", "https://api.github.com")
    issues = f"{api}/repos/{environment.get('GITHUB_REPOSITORY', '')}/issues"
    return Host(
        name="GitHub",
        comments=f"{issues}/{number}/comments",
        comment=f"{issues}/comments",
        method="PATCH",
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {_token(environment, 'GITHUB_TOKEN')}",
        },
        me="",
        remedy="give the job `permissions: pull-requests: write`; a pull request from a fork never has it",
    )


def _gitlab(environment: Environment, number: int | None) -> Host:
    number = number or int(environment.get("CI_MERGE_REQUEST_IID") or 0)
    if not number:
        raise NotAllowed("this job is not about a merge request (CI_MERGE_REQUEST_IID)")
    # A merge request from a fork is one of the project that it goes into.
    project = environment.get("CI_MERGE_REQUEST_PROJECT_ID") or environment.get("CI_PROJECT_ID", "")
    api = environment.get("CI_API_V4_URL", "https://gitlab.com/api/v4")
    notes = f"{api}/projects/{project}/merge_requests/{number}/notes"
    return Host(
        name="GitLab",
        comments=notes,
        comment=notes,
        method="PUT",
        headers={"PRIVATE-TOKEN": _token(environment, "GITLAB_TOKEN")},
        me=f"{api}/user",
        remedy="GITLAB_TOKEN must be an access token of the project with the scope `api`",
    )


def _token(environment: Environment, name: str) -> str:
    token = environment.get(name, "").strip()
    if not token:
        raise NotAllowed(f"there is no token in {name}; jobs for a fork do not get one")
    return token
