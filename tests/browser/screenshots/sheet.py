"""The contact sheet: every picture on one page, by page, size and theme."""

import html
from pathlib import Path

from tests.browser.screenshots.shots import SIZES, THEMES, Shot

_TITLE = "Topline, every page"
_STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem; background: #e4e8ef; color: #151a24 }
h1 { font-size: 28px } h2 { font-size: 18px; margin: 2.5rem 0 .75rem }
nav { columns: 14rem; margin-bottom: 2rem } nav a { display: block; color: #3450c8 }
div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start }
figure { margin: 0 } figcaption { font-size: 14px; color: #566071; margin-bottom: .25rem }
img { height: 22rem; max-width: 40rem; object-fit: cover; object-position: top; border: 1px solid #c3cad6 }
"""


def file_name(shot: Shot, size: str, theme: str) -> str:
    """Where a picture is kept."""
    return f"{shot.name}.{size}.{theme}.png"


def write_sheet(out: Path, shots: tuple[Shot, ...]) -> Path:
    """An index of whatever pictures there are."""
    parts, links = [], []
    for shot in shots:
        figures = []
        for size in SIZES:
            for theme in THEMES:
                name = file_name(shot, size, theme)
                if (out / name).exists():
                    alt = html.escape(f"{shot.title}, {size}, {theme}")
                    picture = f'<a href="{name}"><img src="{name}" alt="{alt}" loading="lazy"></a>'
                    figures.append(f"<figure><figcaption>{size}, {theme}</figcaption>{picture}</figure>")
        if figures:
            title = html.escape(shot.title)
            links.append(f'<a href="#{shot.name}">{title}</a>')
            parts.append(f'<h2 id="{shot.name}">{title}</h2><div>{"".join(figures)}</div>')
    page = out / "index.html"
    head = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{_TITLE}</title><style>{_STYLE}</style>'
    )
    page.write_text(f"{head}<h1>{_TITLE}</h1><nav>{''.join(links)}</nav>{''.join(parts)}", encoding="utf-8")
    return page
