"""Progress on standard output or error, as a line that is drawn again and again."""
from __future__ import annotations

import sys
import time
from typing import Any, Optional


def _format_time(seconds):
    """Seconds as hh:mm:ss."""
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"


class ProgressBar:
    """A line that shows how much is done, for how long it went on, and how long it will.

    Parameters
    ----------
    title : str, shown at the end of the line
    max_value : number, what counts as all
    initial_value : number
    max_chars : int, the width of the bar
    progress_character : str
    spinner : bool, show a sign that turns with each update
    verbose_bool : bool, whether anything is shown
    file : where it is shown; standard output if None

    Calling it with an iterable gives its items and counts them: `for x in ProgressBar(max_value=10)(range(10))`.
    """

    spinner_symbols = ["|", "/", "-", "\\"]
    template = "\r[{0}{1}] {2:.0f}% {3} {4:.2f} sec | {5} | {6}"

    def __init__(
            self, title: str = "", max_value: Optional[float] = None, initial_value: float = 0, max_chars: int = 30,
            progress_character: str = ".", spinner: bool = False, verbose_bool: bool = True,
            file: Any = None) -> None:
        self.title = title
        self.max_value = max_value
        self.cur_value = initial_value
        self.max_chars = max_chars
        self.progress_character = progress_character
        self.spinner = spinner
        self.spinner_index = 0
        self.start = time.time()
        self.closed = False
        self._shown = verbose_bool
        self._file = file
        self.update(initial_value)

    def update(self, cur_value: float, title: Optional[str] = None) -> None:
        """Shows a value, and from then on a title if one is given."""
        self.cur_value = cur_value
        self.title = self.title if title is None else title
        whole = self.max_value or 1
        share = min(cur_value / whole, 1.0)
        seconds = time.time() - self.start
        left = ""
        if cur_value > 0 and seconds > 0:
            rate = cur_value / seconds
            left = f"{rate:.2f} it/s, ETA: {_format_time((whole - cur_value) / rate if share < 0.995 else 0)}"
        if self._shown:
            done = int(share * self.max_chars)
            self._write(self.template.format(
                self.progress_character * done, " " * (self.max_chars - done), share * 100,
                self.spinner_symbols[self.spinner_index], seconds, self.title, left))
        if self.spinner:
            self.spinner_index = (self.spinner_index + 1) % len(self.spinner_symbols)
        if share == 1:
            self.close()

    def update_with_increment_value(self, increment_value: float, title: Optional[str] = None) -> None:
        """Shows a value that is so much larger than the last."""
        self.update(self.cur_value + increment_value, title)

    def close(self) -> None:
        """Ends the line."""
        if not self.closed:
            self.closed = True
            if self._shown:
                self._write("\n")

    def _write(self, text):
        file = self._file or sys.stdout
        file.write(text)
        file.flush()

    def __call__(self, sequence):
        for item in sequence:
            yield item
            self.update_with_increment_value(1)


def bar(iterable: Any, title: str = "", use_it: bool = True) -> Any:
    """The items of an iterable, with progress shown while they are taken.

    Parameters
    ----------
    iterable : iterable that has a length
    title : str
    use_it : bool, False for the iterable itself
    """
    return ProgressBar(title=title, max_value=len(iterable))(iterable) if use_it else iterable
