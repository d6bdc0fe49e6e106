"""One comment on a pull request: written once, found again, replaced, and never at the cost of the token."""

import pytest
from comment_service import BOT, US, github_job, gitlab_job, serving

from factharness.ci.comments import PAGE, keep_one
from factharness.ci.hosts import NotAllowed, host, run_address, workspace
from factharness.errors import HarnessError
from factharness.report.comment import mark

TEXT = f"{mark('ci')}\n## RESULT: PASS (1 rule) exit 0\n"
GITHUB = "/repos/o/r/issues/7/comments"
GITLAB = "/projects/12/merge_requests/7/notes"


@pytest.fixture(params=["github", "gitlab"])
def service(request, monkeypatch):
    """The service, with the variables of a job on it."""
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    github = request.param == "github"
    with serving(BOT if github else US) as state:
        state.github, state.list = github, GITHUB if github else GITLAB
        state.environment = github_job(state.address) if github else gitlab_job(state.address)
        yield state


def bodies(state):
    return [comment["body"] for comment in state.comments]


def test_there_is_one_comment_however_often_it_is_written(service):
    service.comments.append({"id": 1, "body": "Bravo !"} | service.me)
    job = host(service.environment)
    assert keep_one(job, TEXT) == "comment 1001 is written"
    later = TEXT.replace("PASS", "FAIL")
    assert keep_one(job, later) == "comment 1001 is up to date"
    assert bodies(service) == ["Bravo !", later]
    assert service.tokens == {"Bearer secret" if service.github else "secret"}
    one = "/repos/o/r/issues/comments/1001" if service.github else f"{GITLAB}/1001"
    asked = [one for one in service.asked if one[1] != "/user"]
    assert asked == [
        ("GET", service.list),
        ("POST", service.list),
        ("GET", service.list),
        ("PATCH" if service.github else "PUT", one),
    ]


def test_each_suite_has_its_own(service):
    job = host(service.environment)
    other = TEXT.replace(mark("ci"), mark("ci-2"))
    keep_one(job, TEXT)
    keep_one(job, other)
    keep_one(job, TEXT)
    assert bodies(service) == [TEXT, other]


@pytest.mark.parametrize("before", [0, PAGE - 1, PAGE, 2 * PAGE])
def test_it_is_found_among_many(service, before):
    service.comments += [{"id": n, "body": f"no {n}"} | service.me for n in range(before)]
    service.comments.append({"id": 999, "body": TEXT.replace("\n", "\r\n")} | service.me)
    keep_one(host(service.environment), TEXT)
    assert bodies(service)[before:] == [TEXT]
    assert service.asked[-1][0] in ("PATCH", "PUT")


@pytest.mark.parametrize(
    "body", [f"> {TEXT}", f"Voir :\n{TEXT}", TEXT.replace("ci -->", "ci -->x"), None]
)
def test_a_comment_that_only_speaks_of_it_is_left_alone(service, body):
    service.comments.append({"id": 1, "body": body} | service.me)
    keep_one(host(service.environment), TEXT)
    assert bodies(service) == [body, TEXT]


def test_a_stranger_cannot_have_the_verdict_written_into_a_comment_of_theirs(service):
    who = {
        "user": {"id": 6, "type": "User"},
        "author_association": "CONTRIBUTOR",
        "author": {"id": 6},
    }
    service.comments.append({"id": 1, "body": TEXT} | who)
    keep_one(host(service.environment), TEXT.replace("PASS", "FAIL"))
    assert bodies(service)[0] == TEXT
    assert len(bodies(service)) == 2


def test_on_github_a_token_of_a_person_finds_its_comment_too():
    who = {"user": {"id": 6, "type": "User"}, "author_association": "MEMBER"}
    with serving(who) as service:
        job = host(github_job(service.address))
        keep_one(job, TEXT)
        keep_one(job, TEXT)
        assert bodies(service) == [TEXT]


@pytest.mark.parametrize("code", [401, 403, 404])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_permission_nothing_is_done_and_it_is_said(service, method, code):
    service.refuse[method] = code
    with pytest.raises(NotAllowed, match=f"answered {code}.*(pull-requests: write|scope `api`)"):
        keep_one(host(service.environment), TEXT)


@pytest.mark.parametrize("code", [429, 500, 502])
def test_a_service_that_fails_is_an_error(service, code):
    service.refuse["POST"] = code
    with pytest.raises(HarnessError, match=f"answered {code} .*; run the job again"):
        keep_one(host(service.environment), TEXT)


@pytest.mark.parametrize("broken", [b"<html>", b'{"id": "x"}', b'[{"body": "no id"}]'])
def test_so_is_an_answer_that_cannot_be_read(service, broken):
    service.broken = broken
    with pytest.raises(HarnessError, match="gave no answer that can be read"):
        keep_one(host(service.environment), TEXT)


def test_so_is_no_answer_at_all(service):
    environment = service.environment
    nobody = "http://127.0.0.1:9"  # the port of a service that throws away what it gets, and runs nowhere
    environment["GITHUB_API_URL" if service.github else "CI_API_V4_URL"] = nobody
    with pytest.raises(HarnessError, match="gave no answer"):
        keep_one(host(environment), TEXT)


def test_the_token_is_never_taken_elsewhere(service):
    with serving({}) as elsewhere:
        service.elsewhere, service.refuse["GET"] = f"{elsewhere.address}{service.list}?x=1", 302
        with pytest.raises(HarnessError, match="answered 302"):
            keep_one(host(service.environment), TEXT)
        assert not elsewhere.asked


def test_a_token_is_in_no_message(service):
    for code in (403, 500, 302):
        service.refuse["GET"] = code
        with pytest.raises((HarnessError, NotAllowed)) as raised:
            keep_one(host(service.environment), TEXT)
        assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "no job of GitHub Actions or GitLab CI"),
        (github_job("") | {"GITHUB_REF": "refs/heads/main"}, "not about a pull request"),
        (gitlab_job("") | {"CI_MERGE_REQUEST_IID": ""}, "not about a merge request"),
        (github_job("") | {"GITHUB_TOKEN": ""}, "no token in GITHUB_TOKEN"),
        (gitlab_job("") | {"GITLAB_TOKEN": " "}, "no token in GITLAB_TOKEN"),
    ],
)
def test_where_there_is_nothing_to_comment_on_that_is_said(environment, said):
    with pytest.raises(NotAllowed, match=said):
        host(environment)


def test_the_number_of_another_job_can_be_given():
    github = host(github_job("http://x") | {"GITHUB_REF": "refs/heads/main"}, 31)
    assert github.comments == "http://x/repos/o/r/issues/31/comments"
    assert (
        host(gitlab_job("http://x"), 31).comments == "http://x/projects/12/merge_requests/31/notes"
    )


def test_a_merge_request_within_one_project_has_its_notes_there():
    environment = gitlab_job("http://x")
    del environment["CI_MERGE_REQUEST_PROJECT_ID"]
    assert host(environment).comments == "http://x/projects/99/merge_requests/7/notes"


def test_the_run_is_where_the_host_says():
    github = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ID": "42",
        "GITHUB_WORKSPACE": "/w",
    }
    gitlab = {"CI_JOB_URL": "https://gitlab.com/o/r/-/jobs/42", "CI_PROJECT_DIR": "/b"}
    assert run_address(github) == "https://github.com/o/r/actions/runs/42"
    assert (run_address(gitlab), run_address({})) == ("https://gitlab.com/o/r/-/jobs/42", "")
    assert (workspace(github), workspace(gitlab), workspace({})) == ("/w", "/b", "")
