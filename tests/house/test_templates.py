"""Templates, checked on the program; the rule is first shown samples."""

import pytest

from tests.house.allowed import ALLOWED
from tests.house.repo import name_of, under, unexpected, unused
from tests.house.template_rules import template_is_strict


def test_the_templates_are_strict() -> None:
    findings = [
        finding
        for path in under("src/topline", ".html")
        for finding in template_is_strict(name_of(path), path.read_text(encoding="utf-8"))
    ]
    assert unexpected(findings, ALLOWED) == []
    assert unused(findings, [entry for entry in ALLOWED if entry.rule == "template"]) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<p style="color: red">', "style="),
        ("<p\n  style={{ x }}>", "style="),
        ("<style>p {}</style>", "<style>"),
        ("<script>go()</script>", "<script>"),
        ('<script src="/static/app.js"></script>', "<script> without nonce"),
        ('<script src="/static/app.js" nonce="abc"></script>', "<script> without nonce"),
        ('<link rel="modulepreload" href="/static/app.js">', "<link> without nonce"),
        ('<a onclick="go()">', "onclick="),
        ('<div hx-on:click="go()">', "hx-on:click="),
        ('<div hx-on--after-swap="go()">', "hx-on--after-swap="),
        ('<a href="javascript:go()">', "href=javascript:"),
        ("<a hx-vals='js:{a: b()}'>", "hx-vals=js:"),
        ('<a hx-trigger="click[ctrlKey]">', "hx-trigger=[…]"),
        ("{% if x %}<b {% if y %}onload=z{% endif %}>{% endif %}", "onload="),
        ("{{ text|safe }}", "|safe"),
        ("{{ text | safe }} {# safe: #}", "|safe"),
        ("{% autoescape false %}", "autoescape false"),
    ],
)
def test_a_broken_sample_is_found(text: str, what: str) -> None:
    assert [finding.what for finding in template_is_strict("sample.html", text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        '<script nonce="{{ nonce }}" src="/static/app.js" type="module"></script>',
        '<script type="application/json" id="data">{"a": 1}</script>',
        '<a hx-get="/x" hx-trigger="every 30s, changed from:body" hx-vals=\'{"a": 1}\'>',
        "{# safe: made by our own markdown renderer #}\n{{ text|safe }}",
        "{{ text|safe }} {# safe: a constant of this file #}",
        '{% if a < b %}<p class="{{ "on" if x else "off" }}">onclick= in words</p>{% endif %}',
        "{{ '<p style=x>' }}",
    ],
)
def test_a_strict_sample_passes(text: str) -> None:
    assert list(template_is_strict("sample.html", text)) == []


def test_a_finding_names_the_line() -> None:
    text = "{#\nlong\n#}\n<p>\n{{ x }}<p style=a>"
    assert [finding.line for finding in template_is_strict("sample.html", text)] == [5]
