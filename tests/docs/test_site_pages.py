"""The pages of the site, as files: each is in the menu, each link leads somewhere, each command parses."""

import importlib.util
import inspect
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from factharness.backends.registry import factory, targets
from factharness.cli import app
from factharness.errors import BackendUnavailable

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TOP = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md"]
PAGES = [*TOP, *sorted(DOCS.rglob("*.md"))]
FENCED = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


contents = module(DOCS / "site" / "contents.py")


def ids(path):
    return path.relative_to(ROOT).as_posix()


def prose(path):
    return FENCED.sub("", path.read_text(encoding="utf-8"))


def slug(heading):
    """The anchor that GitHub and MyST make of a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(path):
    found = {}
    for heading in re.findall(r"^#+\s+(.*)$", prose(path), re.MULTILINE):
        name = slug(heading)
        found[name] = found.get(name, -1) + 1
    return {
        name if n == 0 else f"{name}-{n}" for name, last in found.items() for n in range(last + 1)
    }


def listed(page):
    """The pages below a page in the menu, that page included."""
    yield page
    for names in contents.listed(page.read_text(encoding="utf-8")).values():
        for name in names:
            yield from listed((page.parent / f"{name}.md").resolve())


def test_every_page_is_in_the_menu_once():
    menu = list(listed(DOCS / "index.md"))
    assert len(menu) == len(set(menu))
    assert set(menu) == set(DOCS.rglob("*.md"))


def test_the_menu_has_four_parts():
    parts = contents.listed((DOCS / "index.md").read_text(encoding="utf-8"))
    assert list(parts) == ["First hour", "How to", "Reference", "Why"]


def test_a_list_becomes_a_menu_only_where_the_page_says_so():
    no_pages = "- [Part](one.md#part): no page\n- [Out](../b.md)"
    page = f"# Two\n\n- [One](one.md): first\n{no_pages}\n\n## Second\n\n- [Two](a/two.md)\n"
    assert contents.listed(page) == {}
    assert contents.listed(f"{contents.MARK}\n{page}") == {"": ["one"], "Second": ["a/two"]}
    assert ":caption: Second\n\na/two\n" in contents.prepared("index", f"{contents.MARK}\n{page}")


def test_the_items_of_the_first_page_have_no_colon_behind_their_link():
    page = "- [One](one.md): what\n  it says: all\n"
    assert contents.prepared("index", page) == "- [One](one.md) what\n  it says: all\n"
    assert contents.prepared("other", page) == page


def test_a_link_out_of_the_folder_becomes_a_download():
    assert contents.prepared("a", "[x](../y.sh)") == "[x](path:../y.sh)"
    assert contents.prepared("decisions/a", "[x](../y.md)") == "[x](../y.md)"


def test_a_link_to_a_page_out_of_the_folder_leads_to_the_repository():
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    place = f"{urls['Repository']}/blob/main/b/y.md"
    assert contents.prepared("a", "[x](../b/y.md)") == f"[x]({place})"
    assert contents.prepared("a", "[x](../decisions/y.md)") == "[x](../decisions/y.md)"


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_and_anchor_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"https?://", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def misnamed(text):
    """The options in the suites that a page shows which their back end does not have, as ``USE.OPTION``."""
    for language, block in FENCED.findall(text):
        if language != "toml":
            continue
        for spec in tomllib.loads(block).get("backend", []):
            if spec.get("use") not in targets():
                continue  # a file, or a combination
            try:
                known = inspect.signature(factory(spec["use"])).parameters
            except BackendUnavailable:
                continue
            for option in (*spec.get("options", {}), *spec.get("matrix", {})):
                if option not in known:
                    yield f"{spec['use']}.{option}"


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_option_in_a_suite_on_a_page_exists(page):
    assert list(misnamed(page.read_text(encoding="utf-8"))) == []


def test_an_option_that_is_not_there_is_found():
    suite = '[[backend]]\nuse = "llm"\noptions = { base_url = "", model = "m" }\n'
    assert list(misnamed(f"```toml\n{suite}```\n")) == ["llm.base_url"]


def commands(text):
    """The command lines of the shell blocks of a page that call factharness, as words."""
    for language, block in FENCED.findall(text):
        if language not in ("sh", "console"):
            continue
        lines = block.replace("\\\n", " ").splitlines()
        if language == "console":
            lines = [line.strip()[2:] for line in lines if line.strip().startswith("$ ")]
        for line in lines:
            words = shlex.shlex(line.replace("…", "..."), posix=True, punctuation_chars=True)
            words.commenters = "#"
            words.whitespace_split = True
            call = []
            for word in [*words, ";"]:
                if set(word) <= set("|&;<>()"):
                    if call[:1] == ["factharness"]:
                        yield call[1:]
                    call = []
                else:
                    call.append(word)


def check(words, command=app, path="factharness"):
    """Parse words as click does, without reading files; an unknown command or option raises ``UsageError``."""
    context = click.Context(command, info_name=path)
    if isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name = words[0]
        child = command.get_command(context, name)
        if child is None:
            raise click.UsageError(f"no command {path} {name}")
        return check(words[1:], child, f"{path} {name}")
    values, left, _ = command.make_parser(context).parse_args(list(words))
    if left:
        raise click.UsageError(f"{path}: too much: {left}")
    for option in command.params:
        value = values.get(option.name)
        if isinstance(option.type, click.Choice) and isinstance(value, str):
            option.type.convert(value, option, context)
    return path


SHOWN = [(ids(page), call) for page in PAGES for call in commands(page.read_text(encoding="utf-8"))]


def test_commands_are_shown_on_many_pages():
    assert len(SHOWN) > 60
    assert len({page for page, _ in SHOWN}) > 15


@pytest.mark.parametrize(
    ("page", "call"), SHOWN, ids=lambda value: " ".join(value) if isinstance(value, list) else value
)
def test_every_shown_command_parses(page, call):
    check(call)


@pytest.mark.parametrize(
    "line",
    [
        "run --no-such-option",
        "gold no-such-command",
        "compare a b c",
        "gold new a --paragraphs words",
    ],
)
def test_a_command_that_is_not_there_is_found(line):
    (call,) = commands(f"```sh\nfactharness {line}   # said\n```\n")
    with pytest.raises(click.UsageError):
        check(call)


def test_commands_are_found_in_pipes_lists_and_consoles():
    text = "```console\n$ factharness env | head && factharness run -b 'a(b=1)' > x\nfactharness no\n```\n"
    assert list(commands(text)) == [["env"], ["run", "-b", "a(b=1)"]]
