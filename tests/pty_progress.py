#!/usr/bin/env python3
"""Pseudo-terminal test of the progress line: `python3 tests/pty_progress.py build/digits`.

A training runs in terminals of several widths, and what it prints is drawn on a small model of a
screen. The line must be redrawn in place: a line that wraps would leave a copy behind at each
redraw. Needs Python 3 and POSIX, nothing else."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time


class Screen:
    """Carriage return, newline, colours, erasing the rest of a line, and lines that wrap."""

    def __init__(self, columns):
        self.columns, self.rows, self.row, self.column = columns, [[]], 0, 0
        self.decoder, self.rest = codecs.getincrementaldecoder("utf-8")(), ""

    def feed(self, data):
        """Draws, and yields the row of the cursor at the end of each redraw."""
        text = self.rest + self.decoder.decode(data)
        # A control sequence may arrive in two parts.
        cut = re.search("\x1b(\\[[0-9;]*)?$", text)
        self.rest = text[cut.start():] if cut else ""
        for part in re.findall("\x1b\\[[0-9;]*.|.|\n", text[:cut.start()] if cut else text):
            line = self.rows[self.row]
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.row += 1
                self.rows.append([])
            elif part.endswith("K") and len(part) > 1:
                del line[self.column:]
                yield self.row
            elif part.endswith("m") and len(part) > 1:
                pass
            elif len(part) > 1:
                raise SystemExit("unexpected control sequence %r" % part)
            else:
                if self.column >= self.columns:
                    self.row, self.column = self.row + 1, 0
                    self.rows.append([])
                    line = self.rows[self.row]
                line[self.column:self.column + 1] = [part]
                self.column += 1

    def resize(self, columns):
        self.columns, self.column = columns, min(self.column, columns)
        self.rows = [row[:columns] for row in self.rows]

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.rows)


def set_size(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))


def check(condition, what, screen):
    if not condition:
        raise SystemExit("FAILED  %s; the screen of %d columns:\n%s" %
                         (what, screen.columns, screen.text()))


def run(program, folder, columns, options, environment=None, resize_to=None, redraws=8):
    """Runs a training until it ends or has redrawn the line so often; returns the screen and the
    rows of the redraws."""
    variables = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    variables.update({"TERM": "xterm", "LC_ALL": "C.UTF-8", **(environment or {})})
    process, terminal = pty.fork()
    if process == 0:
        time.sleep(0.2)  # until the terminal has its size
        os.execve(program, ["digits", "train", "--threads", "1", "--data", folder + "/data", "--out",
                            folder + "/run"] + options.split(), variables)
    set_size(terminal, columns)
    screen, rows, deadline = Screen(columns), [], time.time() + 60
    while redraws is None or len(rows) < redraws:
        if not select.select([terminal], [], [], max(0.0, deadline - time.time()))[0]:
            break
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux's way of saying that the other side is closed
            break
        if not data:
            break
        rows += screen.feed(data)
        if resize_to and len(rows) >= redraws // 2:
            screen.resize(resize_to)
            set_size(terminal, resize_to)
            # One redraw may have been on its way with the old width.
            rows, resize_to = [], None
            list(screen.feed(os.read(terminal, 65536)))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(terminal)
    check(redraws is None or len(rows) >= redraws, "%d redraws within a minute" % (redraws or 0), screen)
    return screen, rows


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/digits")
    with tempfile.TemporaryDirectory() as folder:
        os.spawnl(os.P_WAIT, "/bin/sh", "sh", "-c",
                  "'%s' synthesize --count 3500 --out '%s/data' >/dev/null" % (program, folder))
        long_epoch = "--hidden 1024,1024 --batch-size 4 --epochs 100 --validation 0"
        cases = [(80, None, None), (120, None, None), (40, None, None), (15, None, None),
                 (2, None, None), (80, {"COLUMNS": "200"}, None), (80, {"COLUMNS": "10"}, None),
                 (120, None, 50), (50, None, 120), (80, {"LC_ALL": "C", "NO_COLOR": "1"}, None)]
        for columns, environment, resize_to in cases:
            screen, rows = run(program, folder, columns, long_epoch, environment, resize_to)
            check(len(set(rows)) == 1, "one line is redrawn", screen)
            last = "".join(screen.rows[rows[-1]])
            width = resize_to or columns
            check(len(last) < width, "the line leaves the last column free", screen)
            if width >= 80:
                check("loss" in last and " left" in last, "loss and time left are shown", screen)
                check(len(last) > 70, "the width is used", screen)
            if environment and environment.get("LC_ALL") == "C":
                check(screen.text().isascii(), "only ASCII", screen)
            print("%3d columns%s%s: one line, redrawn" %
                  (columns, " %s" % environment if environment else "",
                   ", then %d" % resize_to if resize_to else ""))

        # Each finished epoch leaves one line, and nothing else stays of the redrawn ones.
        screen, rows = run(program, folder, 80, "--hidden 256 --batch-size 8 --epochs 3", redraws=None)
        epochs = [row for row in screen.text().split("\n") if row.startswith("epoch")]
        check(len(epochs) == 3, "a line for each of 3 epochs", screen)
        check(all("images/s" in row and "left" not in row for row in epochs), "finished lines", screen)
        check(max(map(len, screen.text().split("\n"))) <= 80, "nothing wider than 80", screen)
        # A terminal that cannot redraw gets lines only.
        screen, rows = run(program, folder, 80, "--hidden 256 --batch-size 8 --epochs 3",
                           {"TERM": "dumb"}, redraws=None)
        check(not rows, "no redraws on a dumb terminal", screen)
        print("3 epochs: a line for each")


main()
