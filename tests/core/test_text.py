"""Text from people is cleaned or refused, and harmless when it leaves for a spreadsheet."""

import csv
import io
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from topline.core import text
from topline.core.text import TextError


def code_of(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(TextError) as caught:
        act(*arguments)
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("  Ana  Example \n", "Ana Example"),
        ("Cafe\u0301", "Café"),
        ("a\u00a0\u2003b", "a b"),
        ("in\u200bvisible\ufeff", "invisible"),
        ("👩\u200d🍳 chef", "👩\u200d🍳 chef"),
        ("نور", "نور"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_line_is_composed_and_its_blanks_collapsed(given_text: str, cleaned: str) -> None:
    assert text.clean_line(given_text, 40) == cleaned


@pytest.mark.parametrize(
    "sign",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\t",
        "\n",
        "\r",
        "\u2028",
        "\u202e",
        "\u2066",
        "\ufffe",
        "\ud800",
    ],
)
def test_a_line_with_a_control_or_reordering_sign_is_refused(sign: str) -> None:
    assert code_of(text.clean_line, f"a{sign}b", 40) == "text_control_character"
    assert code_of(text.clean_line, f"a{sign}b", 1) == "text_control_character"


@pytest.mark.parametrize("sign", ["\x00", "\x1f", "\u202e", "\u2069", "\uffff", "\U0001fffe"])
def test_a_note_with_a_control_or_reordering_sign_is_refused(sign: str) -> None:
    assert code_of(text.clean_note, f"a\n{sign}b", 40) == "text_control_character"


@pytest.mark.parametrize("blank", ["", "   ", "\n\t ", "\u200b", "\u00a0", "\u200d", "\u3164", "\u2800 "])
def test_a_text_that_shows_nothing_is_empty(blank: str) -> None:
    assert code_of(text.clean_line, blank, 40) == "text_empty"
    assert code_of(text.clean_note, blank, 40) == "text_empty"
    assert text.clean_line(blank, 40, allow_empty=True) == ""
    assert text.optional_line(blank, 40) is None
    assert text.optional_note(blank, 40) is None


def test_an_optional_text_may_be_missing() -> None:
    assert text.optional_line(None, 40) is None
    assert text.optional_note(None, 40) is None
    assert text.optional_line(" room 12 ", 40) == "room 12"
    assert text.optional_note("a\r\nb", 40) == "a\nb"


def test_the_length_is_counted_after_cleaning() -> None:
    assert text.clean_line("  abc  ", 3) == "abc"
    assert code_of(text.clean_line, "abcd", 3) == "text_too_long"
    assert code_of(text.clean_note, "abcd", 3) == "text_too_long"
    assert code_of(text.clean_line, "x" * 200_000, 300) == "text_too_long"


def test_a_note_keeps_its_lines() -> None:
    written = "\r\n first\t line \r\rsecond\u2028third\n\n\n\nfourth  \n\n"
    assert text.clean_note(written, 100) == "first line\n\nsecond\nthird\n\nfourth"


@given(st.text(max_size=80))
def test_a_cleaned_text_is_stable_short_and_showable(given_text: str) -> None:
    for clean in (text.clean_line, text.clean_note):
        try:
            cleaned = clean(given_text, 40)
        except TextError:
            continue
        assert clean(cleaned, 40) == cleaned
        assert 1 <= len(cleaned) <= 40
        assert cleaned == cleaned.strip()
        assert not {unicodedata.category(sign) for sign in cleaned.replace("\n", "")} & {"Cc", "Cs"}
        assert cleaned.encode()


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" Ana@Example.COM\n", "ana@example.com"),
        ("a.b+tag@mail.example.org", "a.b+tag@mail.example.org"),
        ("x@müller.example", "x@xn--mller-kva.example"),
        ("l" * 64 + "@example.com", "l" * 64 + "@example.com"),
    ],
)
def test_an_address_is_brought_to_one_form(written: str, address: str) -> None:
    assert text.normalise_email(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ana",
        "@example.com",
        "ana@",
        "ana@localhost",
        "a b@example.com",
        "a@b@example.com",
        "ana@exa mple.com",
        "ana@-example.com",
        "ana@example..com",
        ".ana@example.com",
        "аna@example.com",
        "ana@example.com\x00",
        "l" * 65 + "@example.com",
        "ana@" + "d" * 64 + ".com",
        "ana@" + "d." * 126 + "com",
        "ana@exam\nple.com",
    ],
)
def test_what_is_not_an_address_is_refused(written: str) -> None:
    assert code_of(text.normalise_email, written) == "email_invalid"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Example", "AE"),
        ("ana-maria da silva", "AS"),
        ("Ana", "A"),
        ("  'Ana'  (Bar) ", "AB"),
        ("Özlem Ångström", "ÖÅ"),
        ("O\u0308zlem", "Ö"),
        ("ßen", "S"),
        ("山田太郎", "山"),
        ("Desk 2", "D2"),
        ("… 🍳", "?"),
        ("", "?"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert text.initials(name) == letters


@given(st.text(max_size=40))
def test_initials_are_one_or_two_signs(name: str) -> None:
    assert 1 <= len(text.initials(name)) <= 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łukasz  Müller", "lukasz muller"),
        ("ØRSTED", "orsted"),
        ("Straße", "STRASSE"),
        ("Æon", "aeon"),
        ("İbrahim", "ibrahim"),
        ("ﬁne", "Fine"),
        ("Ｂａｒ", "bar"),
    ],
)
def test_spellings_of_a_name_meet_in_search(one: str, other: str) -> None:
    assert text.fold_for_search(one) == text.fold_for_search(other)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_for_plain_letters(name: str) -> None:
    folded = text.fold_for_search(name)
    if folded.isascii():
        assert text.fold_for_search(folded) == folded


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("-", "'-"),
        ("+49 89 123", "'+49 89 123"),
        ("-12.50", "-12.50"),
        ("+3", "+3"),
        ("-5%", "-5%"),
        ("1.234,50", "1.234,50"),
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("", ""),
        ("  ", "  "),
        (-7, -7),
        (Decimal("-1.5"), Decimal("-1.5")),
        (date(2026, 3, 1), "2026-03-01"),
        (None, ""),
    ],
)
def test_a_cell_is_never_a_formula(value: str | int | Decimal | date | None, cell: object) -> None:
    result = text.csv_safe(value)
    assert result == cell
    assert type(result) is type(cell)


@given(st.text(max_size=30))
def test_no_text_cell_starts_like_a_formula(value: str) -> None:
    cell = str(text.csv_safe(value))
    number = cell.lstrip("+-").rstrip("%").replace(".", "").replace(",", "")
    assert number.isdigit() or not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n"))


def test_a_safe_cell_survives_the_way_through_a_file() -> None:
    cells = ['=HYPERLINK("http://x")', "a,b\nc", '"quoted"']
    out = io.StringIO(newline="")
    csv.writer(out).writerow([text.csv_safe(cell) for cell in cells])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == ["'" + cells[0], cells[1], cells[2]]
