#!/usr/bin/env python3
"""Breaks the sources on purpose, one place at a time, and counts how often the tests notice.

    python3 tests/mutation.py                     # 60 random mutations of src/
    python3 tests/mutation.py --count 400 --jobs 4 --seed 2
    python3 tests/mutation.py --again             # only those that survived last time
    python3 tests/mutation.py --count 20 src/data # of some files only

Each mutation is compiled and linked in a private copy of the sources (build/mutation/1 ...). Suites
that include the header of the broken file run first, then all that take less than two seconds, then
the slow ones, until one fails, crashes or hangs. A mutation that does not compile is not counted.
Results are added to a log, so that an interrupted run goes on where it ended. The place of each
mutation depends on the seed and the sources only. It takes about a minute each.
"""
import argparse
import atexit
import collections
import fcntl
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
# The first three compare the sources with texts that quote them, so they notice any change, but what
# is asked here is whether the behavior is tested. The others test a script and the test harness.
NOT_BEHAVIOR = {"chapter_text", "readme", "allowed_includes", "get_mnist", "check"}
FAST = 2.0  # seconds
SLOWEST = ["chapters", "reproduce", "records"]

# ---- Where and how to break a file ----

TOKEN = re.compile(
    r"""(?P<skip>//[^\n]*|/\*.*?\*/|^[ ]*\#(?:\\\n|[^\n])*|\bstatic_assert\b[^;]*;|\boperator\W+(?=\()
      |R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<!\w)'(?:\\.|[^'\\\n])+')
      |(?P<number>(?<![\w.])(?:0[xXbB][\da-fA-F']+|\d[\d']*\.?\d*(?:[eE][+-]?\d+)?|\.\d+)[fFuUlLzZ]*)
      |(?P<word>[A-Za-z_]\w*)
      |(?P<sign><=>|<<=|>>=|->|::|\+\+|--|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|[^\s\w])""",
    re.MULTILINE | re.DOTALL | re.VERBOSE)
SWAPS = {"<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="],
         "!=": ["=="], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "&&": ["||"],
         "||": ["&&"], "&": ["|"], "|": ["&"], "^": ["&"], "<<": [">>"], ">>": ["<<"],
         "+=": ["-="], "-=": ["+="], "*=": ["/="], "/=": ["*="], "|=": ["&="], "&=": ["|="],
         "<<=": [">>="], ">>=": ["<<="], "++": ["--"], "--": ["++"]}
WORDS = {"true": "false", "false": "true", "min": "max", "max": "min", "floor": "ceil",
         "ceil": "floor", "any_of": "all_of", "all_of": "any_of", "none_of": "any_of",
         "break": "", "continue": "", "sin": "cos", "cos": "sin", "push_back": "pop_back",
         "lower_bound": "upper_bound", "upper_bound": "lower_bound", "begin": "end"}
# A statement that is no declaration: it begins with a name that is called, indexed or assigned to.
STATEMENT = re.compile(r"(?:\*|\+\+|--)?[A-Za-z_][\w.]*(?:(?:->|::|\.)[A-Za-z_]\w*|\[[^];{}]*\])*"
                       r"\s*(?:\(|[-+*/%&|^]?=(?!=)|<<=|>>=|\+\+|--)[^;{}]*;")
NO_STATEMENT = re.compile(r"(?:return|if|for|while|switch|do|else|case|using|template|class|struct|"
                          r"namespace|static_assert|require|fail|throw|delete|public|private|"
                          r"default|break|continue|goto|const|constexpr|auto|friend|enum)\b")

Place = collections.namedtuple("Place", "start end replacements kind")


def number_mutants(text):
    suffix = re.search(r"[fFuUlLzZ]*$", text).group() if not text.startswith("0x") else ""
    body = text[:len(text) - len(suffix)]
    if "." in body or ("e" in body.lower() and not body.lower().startswith("0x")):
        value = float(body.replace("'", ""))
        options = {0.0, 1.0, 2 * value, -value if value else 1.0} - {value}
        return [repr(option) + suffix for option in sorted(options)]
    value = int(body.replace("'", ""), 8 if re.fullmatch(r"0[0-7']+", body) else 0)
    return [f"{option}{suffix}" for option in sorted({0, 1, value + 1, max(value - 1, 0)} - {value})]


def places(text):
    """All places of a C++ source where it can be broken, with the texts to put there."""
    found, before, depth = [], None, []
    tokens = [t for t in TOKEN.finditer(text)]
    for i, token in enumerate(tokens):
        if token.group("skip"):
            if token.group().lstrip()[0] in "\"'R":
                before = token
            continue
        sign, word, number = token.group("sign"), token.group("word"), token.group("number")
        start, end = token.span()
        spaced = text[start - 1:start].isspace() and text[end:end + 1].isspace()
        after_value = before is not None and (
            before.group()[-1] in ")]\"'" or before.group("number") or
            (before.group("word") and before.group("word") not in ("return", "case", "throw")))
        statement_start = before is None or before.group() in (";", "{", "}", "else") or (
            before.group() == ")" and "\n" in text[before.end():start])
        if number:
            found.append(Place(start, end, number_mutants(number), "constant"))
        elif sign in ("++", "--"):
            found.append(Place(start, end, SWAPS[sign], "step"))
        elif sign in SWAPS and spaced and after_value:
            neighbors = before.group() + text[end:].lstrip()[:1]
            if sign in ("+", "+=") and '"' in neighbors:  # of strings: would not compile
                continue
            found.append(Place(start, end, SWAPS[sign], "operator"))
        elif sign == "-" and not after_value:
            found.append(Place(start, end, [" "], "sign"))
        elif sign == "!":
            found.append(Place(start, end, [" "], "negation"))
        elif word in WORDS and WORDS[word] != "" and text[end:end + 1] in "(<;,) }":
            if word in ("true", "false") or text[end:end + 1] in "(<":
                found.append(Place(start, end, [WORDS[word]], "name"))
        elif word in ("break", "continue"):
            found.append(Place(start, end, [""], "jump"))
        elif word in ("if", "while") and text[end:end + 2] == " (":
            close = matching(text, tokens, i + 1)
            if close and ";" not in text[end:close]:
                inner = text[end + 2:close]
                if not re.match(r"(const|auto|constexpr)\b|[\w:<>]+[*&]? \w+ =", inner):
                    found.append(Place(end + 2, close, [f"!({inner})"], "condition"))
        elif word == "return":
            stop = text.index(";", end)
            value = text[end:stop].strip()
            if value and "{" not in value and value not in ("true", "false"):
                found.append(Place(start, stop, ["return {}"], "return"))
        if statement_start and (match := STATEMENT.match(text, start)):
            inside = depth and depth[-1] == "code"
            if inside and not NO_STATEMENT.match(text, start):
                found.append(Place(start, match.end(), [";"], "statement"))
        if sign == "{":
            head = text[:start].rstrip()
            is_code = head.endswith((")", "const", "else", "try", "noexcept", "do", "mutable")) or \
                (depth and depth[-1] == "code" and head.endswith((";", "{", "}")))
            depth.append("code" if is_code else "other")
        elif sign == "}" and depth:
            depth.pop()
        before = token
    return found


def matching(text, tokens, i):
    """The end of the parenthesis that token i opens, before its ')'."""
    level = 0
    for token in tokens[i:]:
        level += {"(": 1, ")": -1}.get(token.group(), 0)
        if level == 0:
            return token.start()
    return None


class Mutant:
    def __init__(self, path, text, place, replacement):
        self.path, self.place, self.replacement = path, place, replacement
        self.line = text.count("\n", 0, place.start) + 1
        first = text.rfind("\n", 0, place.start) + 1
        last = text.find("\n", place.end)
        self.text = text[:place.start] + replacement + text[place.end:]
        self.before = " ".join(text[first:last].split())
        self.after = " ".join((text[first:place.start] + replacement + text[place.end:last]).split())
        self.key = f"{path}: {self.before} -> {self.after}"


def mutants(files, seed):
    """One mutation of each place, in a random order."""
    result = []
    for path in files:
        text, seen = (TOP / path).read_text(), collections.Counter()
        for place in places(text):
            pick = random.Random(f"{seed} {path} {place.start} {place.kind}")
            mutant = Mutant(path, text, place, pick.choice(place.replacements))
            seen[mutant.key] += 1
            if seen[mutant.key] > 1:  # the same line occurs again
                mutant.key += f" ({seen[mutant.key]})"
            result.append(mutant)
    random.Random(seed).shuffle(result)
    return result


# ---- A copy of the sources in which mutations are tried ----

running = set()  # process groups, to be killed if this script ends


def kill(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
    running.discard(group)


def run(command, folder, seconds):
    """The exit status; None if it took too long."""
    scratch = folder / "build" / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)

    def limits():  # a mutation may ask for any amount of memory or write without end
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with open(folder / "build" / "output", "wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True,
                                   preexec_fn=limits, env=dict(os.environ, TMPDIR=str(scratch)))
        running.add(process.pid)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            kill(process.pid)
            process.wait()


class Copy:
    def __init__(self, number, parallel):
        self.folder = TOP / "build" / "mutation" / str(number)
        self.parallel = parallel
        self.times = {}

    def synchronize(self):
        """Copies what differs and deletes what is gone, so that make compiles only what it must."""
        skipped = {TOP / name for name in ("build", "runs", ".git")}
        wanted = set()
        for folder, folders, files in os.walk(TOP):
            here = pathlib.Path(folder)
            folders[:] = [f for f in folders if here / f not in skipped and
                          (here != TOP / "data") and f != "__pycache__"]
            for name in files:
                source, target = here / name, self.folder / (here / name).relative_to(TOP)
                wanted.add(target)
                if not target.exists() or source.read_bytes() != target.read_bytes():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, target)  # with a new time
        for folder, folders, files in os.walk(self.folder):
            if pathlib.Path(folder) == self.folder and "build" in folders:
                folders.remove("build")
            for name in files:
                if pathlib.Path(folder) / name not in wanted:
                    (pathlib.Path(folder) / name).unlink()

    def take_build_of(self, other):
        """Compiled files of another copy, except those that hold its path."""
        if (self.folder / "build").exists():
            return
        shutil.copytree(other.folder, self.folder, dirs_exist_ok=True)
        for path in (self.folder / "build").rglob("*.o"):
            if str(other.folder).encode() in path.read_bytes():
                path.unlink()

    def make(self, *targets):
        return run(["make", "-s", f"-j{self.parallel}", "CXXFLAGS=-O1 -DNDEBUG", "WARNINGS=-w",
                    *targets], self.folder, 1800)

    def build(self):
        return self.make("build/digits", "build/digits_tests")

    def test(self, suites, seconds):
        if "chapters" in suites:  # its programs are built for it only
            return self.make("test", "SUITE=" + " ".join(suites))
        return run(["build/digits_tests", *suites], self.folder, seconds)

    def measure(self, suites):
        """How long each suite takes; one that fails without a mutation is left out."""
        known_times = self.folder.parent / "times.json"
        known = json.loads(known_times.read_text()) if known_times.exists() else {}
        for suite in suites:
            started = time.monotonic()
            if suite not in known and self.test([suite], 1800) == 0:
                known[suite] = round(time.monotonic() - started, 2)
            if suite in known:
                self.times[suite] = known[suite]
            else:
                print(f"left out: {suite} fails or skips everything without a mutation")
        known_times.write_text(json.dumps(known))

    def killer(self, mutant):
        """The suite that notices the mutation; "" if none does, None if it does not compile."""
        path = self.folder / mutant.path
        original = path.read_bytes()
        path.write_text(mutant.text)
        try:
            if self.build() != 0:
                return None
            for suites in self.order(mutant.path):
                limit = 20 + 6 * sum(self.times[suite] for suite in suites)
                status = self.test(suites, limit)
                if status != 0:
                    return self.noticed_by(suites) + (" (too slow)" if status is None else "")
            return ""
        finally:
            path.write_bytes(original)

    def noticed_by(self, suites):
        output = (self.folder / "build" / "output").read_text(errors="replace")
        failed = re.search(r"^(?:FAILED|CRASHED) +(\S+)", output, re.MULTILINE)
        return failed.group(1) if failed else " ".join(suites[:3])

    def order(self, path):
        """Groups of suites to run, those that probably notice a change of this file first."""
        header = re.sub(r"^src/(.*)\.(h|cpp)$", r"\1.h", path)
        stem = pathlib.Path(path).stem
        near = [suite for suite in self.times if suite.startswith(stem) or
                f'#include "{header}"' in (TOP / f"tests/{suite}_test.cpp").read_text()]
        by_time = sorted(self.times, key=self.times.get)
        fast = [suite for suite in by_time if self.times[suite] < FAST and suite not in SLOWEST]
        slow = [suite for suite in by_time if suite not in fast and suite not in SLOWEST]
        last = [suite for suite in SLOWEST if suite in self.times]
        first = [suite for suite in fast if suite in near]
        groups = [first, [suite for suite in fast if suite not in first]]
        groups += [[suite] for suite in slow if suite in near]
        groups += [[suite] for suite in slow if suite not in near]
        return [group for group in groups + [[suite] for suite in last] if group]


# ---- The run ----

def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", default=["src"], help="files or folders to break")
    parser.add_argument("--count", type=int, default=60, help="mutations that compile (60)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--jobs", type=int, default=1, help="copies that work at the same time (1)")
    parser.add_argument("--log", type=pathlib.Path, default=TOP / "build" / "mutation" / "log.jsonl")
    parser.add_argument("--again", action="store_true", help="only the survivors of the log")
    parser.add_argument("--without", nargs="*", default=[], metavar="SUITE",
                        help="do not run these suites, such as chapters, which takes minutes")
    parser.add_argument("--list", action="store_true", help="show the mutations, try none")
    options = parser.parse_args()

    files = sorted(str(path.relative_to(TOP)) for name in options.files
                   for path in ([TOP / name] if (TOP / name).is_file() else (TOP / name).rglob("*"))
                   if path.suffix in (".h", ".cpp"))
    todo = mutants(files, options.seed)
    if options.list:
        for mutant in todo:
            print(f"{mutant.path}:{mutant.line}: {mutant.before}\n    -> {mutant.after}")
        return print(f"{len(todo)} places")

    log = {}
    if options.log.exists():
        for line in options.log.read_text().splitlines():
            entry = json.loads(line)
            log[entry["key"]] = entry
    if options.again:
        log = {key: entry for key, entry in log.items() if entry["result"] == "survived"}
        todo = [mutant for mutant in todo if mutant.key in log]
        options.count, log = len(todo), {}

    options.log.parent.mkdir(parents=True, exist_ok=True)
    lock = open(options.log.parent / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return print("another run of this script uses the same folder", file=sys.stderr) or 1

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    copies = [Copy(i + 1, max(1, cores // options.jobs)) for i in range(options.jobs)]
    print("building ...", flush=True)
    for copy in copies:
        if copy is not copies[0]:
            copy.take_build_of(copies[0])
        copy.synchronize()
        if copy.build() != 0:
            return print((copy.folder / "build" / "output").read_text(), file=sys.stderr) or 1
        if copy is copies[0]:
            suites = [path.name[:-len("_test.cpp")] for path in sorted((TOP / "tests").glob("*_test.cpp"))]
            left_out = NOT_BEHAVIOR | set(options.without)
            copy.measure([suite for suite in suites if suite not in left_out])
        copy.times = copies[0].times

    counting = threading.Lock()
    remaining, results, underway = iter(todo), [], [0]
    # "a" is not buffered beyond a line, so that what is there is complete after a Ctrl-C.
    record = open(options.log, "a", buffering=1)

    def next_mutant():
        with counting:
            while len(results) + underway[0] < options.count:
                mutant = next(remaining, None)
                if mutant is None:
                    return None
                known = log.get(mutant.key)
                if known is None:
                    underway[0] += 1
                    return mutant
                if known["result"] != "does not compile":
                    results.append(known)
        return None

    def work(copy):
        while mutant := next_mutant():
            started = time.monotonic()
            by = copy.killer(mutant)
            result = {None: "does not compile", "": "survived"}.get(by, "killed")
            entry = {"key": mutant.key, "file": mutant.path, "line": mutant.line,
                     "kind": mutant.place.kind, "before": mutant.before, "after": mutant.after,
                     "result": result, "by": by, "seconds": round(time.monotonic() - started, 1)}
            with counting:
                underway[0] -= 1
                if by is not None:
                    results.append(entry)
                record.write(json.dumps(entry) + "\n")
                print(f"{len(results)}/{options.count} {mutant.path}:{mutant.line}: {result}"
                      f"{' by ' + by if by else ''} ({entry['seconds']} s)", flush=True)
                if result == "survived":
                    print(f"    {mutant.before}\n -> {mutant.after}", flush=True)

    workers = [threading.Thread(target=work, args=(copy,), daemon=True) for copy in copies]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.5)  # a join() would not let Ctrl-C through

    survivors = [entry for entry in results if entry["result"] == "survived"]
    print("\nsurvivors:" if survivors else "")
    for entry in sorted(survivors, key=lambda entry: (entry["file"], entry["line"])):
        print(f"{entry['file']}:{entry['line']}: {entry['before']}\n -> {entry['after']}")
    killed = len(results) - len(survivors)
    print(f"killed {killed} of {len(results)}" +
          (f" ({100 * killed / len(results):.1f} %)" if results else ""))
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    atexit.register(lambda: [kill(group) for group in list(running)])
    sys.exit(main())
