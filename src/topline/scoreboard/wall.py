"""What stands on the wall: the scoreboard in the order it is read, people named as the hotel and they wish.

Words and formats are the template's; nothing here invents a number that is not in the scoreboard.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from topline.core.money import BASIS_POINTS
from topline.scoreboard.present import wall_name
from topline.scoreboard.queries.house import Scoreboard
from topline.scoreboard.rules import Pace, State
from topline.scoring.queries.boards import Line
from topline.scoring.rules import WARNING_BP

#: What the wall says in its largest type.
Word = Literal["celebrating", "winning", "neutral", "losing", "opens", "closed", "no_data"]
Tone = Literal["celebrating", "winning", "neutral", "losing"]

_TONES: Final[dict[State, Tone]] = {
    "celebrating": "celebrating",
    "winning": "winning",
    "neutral": "neutral",
    "losing": "losing",
}
#: A department's bar is green from this share of its pace on, and amber below `WARNING_BP`; never rose.
ON_PACE_BP: Final = 9_500


@dataclass(frozen=True, slots=True)
class Hero:
    """Today's verdict. `share` and `mark` are parts of the whole target for the bar, None where there is no bar."""

    word: Word
    tone: Tone | None
    pace: Pace
    share: float | None
    mark: float | None
    celebration: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """A verdict beside today's."""

    span: Literal["yesterday", "month", "year"]
    pace: Pace
    tone: Tone


@dataclass(frozen=True, slots=True)
class DepartmentBar:
    """A department's day as a bar."""

    name: str
    share: float
    adoption_bp: int
    tone: Tone | None


@dataclass(frozen=True, slots=True)
class Leader:
    """One of the first three."""

    rank: int
    name: str
    initials: str
    color: int
    department_name: str
    score: int


@dataclass(frozen=True, slots=True)
class Wall:
    """The wall. `money` says whether amounts may be shown."""

    board: Scoreboard
    money: bool
    hero: Hero
    periods: tuple[Period, ...]
    bars: tuple[DepartmentBar, ...]
    leaders: tuple[Leader, ...]
    improved_name: str | None


def wall_of(board: Scoreboard) -> Wall:
    """Put the wall together."""
    improved = board.improved
    return Wall(
        board=board,
        money=board.show_revenue,
        hero=_hero(board),
        periods=tuple(_periods(board)),
        bars=tuple(_bars(board)),
        leaders=tuple(_leader(board, line) for line in board.leaders.lines),
        improved_name=None if improved is None else wall_name(improved.member, board.names, board.locale),
    )


def word_of(board: Scoreboard) -> Word:
    """What to say first. A house that is closed has no pace; one that has not opened says when it does."""
    state = board.game.live.state
    tone = _TONES.get(state)
    if tone is not None:
        return tone
    if board.closed_because is not None:
        return "closed"
    return "opens" if state == "not_open_yet" and board.game.opens_at is not None else "no_data"


def tone_of(pace: Pace) -> Tone | None:
    """The color of a verdict; None where there is none yet."""
    return _TONES.get(pace.state)


def _hero(board: Scoreboard) -> Hero:
    pace = board.game.live
    word = word_of(board)
    judged = tone_of(pace) is not None
    return Hero(
        word=word,
        tone=tone_of(pace),
        pace=pace,
        share=_part(pace.target_share_bp) if judged else None,
        mark=_part(pace.elapsed_bp) if judged and pace.state != "celebrating" else None,
        celebration=_celebration(board),
    )


def _celebration(board: Scoreboard) -> str | None:
    """One id for everything that is reached now: a further target reached makes a new one."""
    state, today = board.game.state, board.today
    reached = [
        f"{name}-{pace.basis}"
        for name, pace in (
            (today.isoformat(), state.live),
            (f"{today:%Y-%m}", state.month),
            (str(today.year), state.year),
        )
        if pace.state == "celebrating"
    ]
    return " ".join(reached) or None


def _periods(board: Scoreboard) -> Iterator[Period]:
    state = board.game.state
    spans: tuple[tuple[Literal["yesterday", "month", "year"], Pace | None], ...] = (
        ("yesterday", state.yesterday),
        ("month", state.month),
        ("year", state.year),
    )
    for span, pace in spans:
        tone = None if pace is None else tone_of(pace)
        if pace is not None and tone is not None and pace.share_bp is not None:
            yield Period(span, pace, tone)


def _bars(board: Scoreboard) -> Iterator[DepartmentBar]:
    due = board.game.behaviors_today.elapsed_bp
    for line in board.team.departments:
        reached = line.share.adoption_bp
        if reached is None:
            continue
        tone: Tone | None = None
        if due and reached * BASIS_POINTS >= ON_PACE_BP * due:
            tone = "winning"
        elif due and reached * BASIS_POINTS < WARNING_BP * due:
            tone = "neutral"
        yield DepartmentBar(line.name, _part(reached) or 0.0, reached, tone)


def _leader(board: Scoreboard, line: Line) -> Leader:
    return Leader(
        rank=line.rank,
        name=wall_name(line.member, board.names, board.locale),
        initials="#" if board.names == "numbers" else line.member.initials,
        color=line.member.color,
        department_name=line.member.department_name,
        score=line.score,
    )


def _part(share_bp: int | None) -> float | None:
    return None if share_bp is None else share_bp / BASIS_POINTS
