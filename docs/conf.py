"""The site: Sphinx reads the pages of this folder; `make docs` builds it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "site"))

import factharness

project = "factharness"
author = "the authors of factharness"
project_copyright = author
version = release = factharness.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "command_pages",
    "contents",
    "gold_lexer",
    "references",
]
exclude_patterns = ["site"]

# Links between pages are written for GitHub, which makes an anchor of each heading.
myst_heading_anchors = 4
myst_enable_extensions = ["strikethrough"]

nitpicky = True
nitpick_ignore_regex = [
    ("py:class", r"dict\[str|tuple\[.*"),  # pieces of the types of a struct's fields
    ("py:class", r"Listener|pd\.DataFrame"),  # imported for the type checker alone
]
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
add_module_names = False
smartquotes = False  # `--limit` is an option, not a dash

html_theme = "furo"
html_title = "factharness"
html_static_path = ["site/static"]
html_extra_path = ["site/published"]  # what other programs are given the address of
html_css_files = ["site.css"]
html_favicon = "site/static/mark.svg"
html_logo = "site/static/mark.svg"
html_copy_source = False
html_show_sourcelink = False
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
