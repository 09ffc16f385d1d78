"""Every write of results: enter, close and adjust days, set benchmarks, import files and take imports back."""

from topline.results.actions.benchmarks import remove_benchmark, set_benchmark
from topline.results.actions.entries import DayValues, Saved, adjust, close, save
from topline.results.actions.exporting import note_export
from topline.results.actions.imports import (
    begin,
    choose,
    discard,
    file_key,
    forget_old_previews,
    perform,
    undo,
)

__all__ = [
    "DayValues",
    "Saved",
    "adjust",
    "begin",
    "choose",
    "close",
    "discard",
    "file_key",
    "forget_old_previews",
    "note_export",
    "perform",
    "remove_benchmark",
    "save",
    "set_benchmark",
    "undo",
]
