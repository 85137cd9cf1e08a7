"""The grammar of expressions: what is read, of which kind it is, and what the engine is given to compute.

The engine's own language is larger and looser. What is not read here never reaches it: assignments, templates, regular
expressions, chance, the clock. What is handed on is written anew from what was understood, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.rules import limits
from common.rules.functions import FUNCTIONS, METHODS, UNITS, Function
from common.rules.problems import Problem, WrongRule
from common.rules.words import Word, words

Names = Mapping[str, "str | Mapping[str, str]"]
"""What an expression may name and its kind; a mapping of kinds for rows. Names may have points: `applicant.birthday`."""

KINDS = ("number", "text", "yes_no", "day", "moment", "time", "list", "any")
"""Kinds of named values."""
_DAYS = ("day", "moment")
_ORDERED = ("number", "day", "moment", "time")


@dataclass(frozen=True)
class Part:
    """A part of an expression: its kind and the engine's words for it."""

    kind: str
    code: str
    start: int
    end: int
    item: str = "any"
    """Of a list: the kind of what it holds."""
    rows: Mapping[str, str] | None = None
    bare: str = ""
    """The engine's words without the care for emptiness, to compare with null."""
    source: str = ""
    """Of rows: the name under which they were given."""


class Reader:
    """Reads one expression. Names become `n0`, `n1`, …: nothing written by an administrator is a word to the engine."""

    def __init__(self, text: str, names: Names) -> None:
        self._names = names
        self._problems: list[Problem] = []
        self._at = 0
        self._depth = 0
        self._row: list[Part] = []
        self.used: dict[str, str] = {}
        self.columns: dict[str, set[str]] = {}
        self._words = words(text)

    def read(self) -> Part:
        """The whole; raises WrongRule with every problem found."""
        if self._word.kind == "end":
            raise WrongRule([Problem("empty")])
        part = self._choice()
        if self._word.kind != "end":
            raise WrongRule([*self._problems, self._unexpected()])
        if self._problems:
            raise WrongRule(self._problems)
        return part

    # words

    @property
    def _word(self) -> Word:
        return self._words[self._at]

    def _take(self) -> Word:
        word = self._word
        if word.kind != "end":
            self._at += 1
        return word

    def _is(self, *texts: str) -> bool:
        return self._word.kind in ("sign", "name") and self._word.text in texts

    def _want(self, text: str) -> Word:
        if not self._is(text):
            raise WrongRule([*self._problems, self._unexpected()])
        return self._take()

    def _unexpected(self) -> Problem:
        word = self._word
        if word.kind == "end":
            return Problem("unfinished", word.start, word.start)
        return Problem("unexpected", word.start, word.end, {"part": word.text})

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > limits.DEPTH:
            raise WrongRule([Problem("too_deep", self._word.start, self._word.end, {"most": limits.DEPTH})])

    # kinds

    def _need(self, part: Part, wanted: str, *kinds: str) -> None:
        if part.kind not in (*kinds, "any", "nothing"):
            self._problems.append(Problem("kind", part.start, part.end, {"given": part.kind, "wanted": wanted}))

    def _same(self, left: Part, right: Part) -> None:
        kinds = {"day" if k in _DAYS else k for k in (left.kind, right.kind)} - {"any", "nothing"}
        if len(kinds) > 1:
            facts = {"left": left.kind, "right": right.kind}
            self._problems.append(Problem("different_kinds", left.start, right.end, facts))

    # lowest first: a ? b : c, or, and, not, comparison, + -, * / %, sign, ^, ??

    def _choice(self) -> Part:
        self._deeper()
        part = self._or()
        if self._is("?"):
            self._take()
            self._need(part, "yes_no", "yes_no")
            yes = self._choice()
            self._want(":")
            no = self._choice()
            self._same(yes, no)
            kind, item = (no.kind, no.item) if yes.kind == "nothing" else (yes.kind, yes.item)
            code = f"(({part.code}) ? ({yes.code}) : ({no.code}))"
            part = Part(kind, code, part.start, no.end, item, yes.rows)
        self._depth -= 1
        return part

    def _or(self) -> Part:
        part = self._and()
        while self._is("or"):
            part = self._logic(part, "or", self._and)
        return part

    def _and(self) -> Part:
        part = self._not()
        while self._is("and"):
            part = self._logic(part, "and", self._not)
        return part

    def _logic(self, left: Part, word: str, read: Callable[[], Part]) -> Part:
        self._take()
        right = read()
        for side in (left, right):
            self._need(side, "yes_no", "yes_no")
        return Part("yes_no", f"({left.code} {word} {right.code})", left.start, right.end)

    def _not(self) -> Part:
        if not self._is("not"):
            return self._comparison()
        start = self._take().start
        self._deeper()
        part = self._not()
        self._depth -= 1
        self._need(part, "yes_no", "yes_no")
        return Part("yes_no", f"(not ({part.code}))", start, part.end)

    def _comparison(self) -> Part:
        left = self._sum()
        if self._is("in") or (self._is("not") and self._words[self._at + 1].text == "in"):
            return self._in(left)
        if not self._is("==", "!=", "<", "<=", ">", ">="):
            return left
        sign = self._take().text
        right = self._sum()
        self._same(left, right)
        one, two = left.code, right.code
        if sign in ("==", "!="):
            one = left.bare or one if right.kind == "nothing" else one
            two = right.bare or two if left.kind == "nothing" else two
        else:
            for side in (left, right):
                self._need(side, "number", *_ORDERED)
        return Part("yes_no", f"({one} {sign} {two})", left.start, right.end)

    def _in(self, left: Part) -> Part:
        word = "not in" if self._take().text == "not" else "in"
        if word == "not in":
            self._want("in")
        if self._is("["):
            right = self._list_or_range(left)
        else:
            right = self._sum()
            self._need(right, "list", "list")
        return Part("yes_no", f"({left.code} {word} {right.code})", left.start, right.end)

    def _list_or_range(self, left: Part) -> Part:
        start = self._want("[").start
        items: list[Part] = []
        while not self._is("]"):
            items.append(self._choice())
            self._same(left, items[-1])
            if self._is("..") and len(items) == 1:
                self._take()
                items.append(self._choice())
                self._same(left, items[-1])
                end = self._want("]").end
                for one in (left, *items):
                    self._need(one, "number", *_ORDERED)
                return Part("list", f"[{items[0].code}..{items[1].code}]", start, end)
            if not self._is("]"):
                self._want(",")
        end = self._take().end
        self._few(items, start, end)
        return Part("list", f"[{', '.join(i.code for i in items)}]", start, end)

    def _few(self, items: list[Part], start: int, end: int) -> None:
        if len(items) > limits.ROWS:
            self._problems.append(Problem("too_many", start, end, {"most": limits.ROWS}))

    def _sum(self) -> Part:
        part = self._product()
        while self._is("+", "-"):
            sign = self._take().text
            right = self._product()
            texts = sign == "+" and "text" in (part.kind, right.kind)
            for side in (part, right):
                self._need(side, "text" if texts else "number", "text" if texts else "number")
            kind = "text" if texts else "number"
            part = Part(kind, f"({part.code} {sign} {right.code})", part.start, right.end)
        return part

    def _product(self) -> Part:
        part = self._signed()
        while self._is("*", "/", "%"):
            sign = self._take().text
            right = self._signed()
            for side in (part, right):
                self._need(side, "number", "number")
            part = Part("number", f"({part.code} {sign} {right.code})", part.start, right.end)
        return part

    def _signed(self) -> Part:
        if not self._is("-"):
            return self._power()
        start = self._take().start
        self._deeper()
        part = self._signed()
        self._depth -= 1
        self._need(part, "number", "number")
        return Part("number", f"(-({part.code}))", start, part.end)

    def _power(self) -> Part:
        part = self._else()
        if not self._is("^"):
            return part
        self._take()
        self._deeper()
        right = self._signed()
        self._depth -= 1
        for side in (part, right):
            self._need(side, "number", "number")
        return Part("number", f"({part.code} ^ {right.code})", part.start, right.end)

    def _else(self) -> Part:
        part = self._reached()
        while self._is("??"):
            self._take()
            right = self._reached()
            self._same(part, right)
            kind = right.kind if part.kind in ("any", "nothing") else part.kind
            code = part.bare if part.kind == "yes_no" and part.bare else part.code
            part = Part(kind, f"({code} ?? {right.code})", part.start, right.end, part.item, part.rows)
        return part

    # a value and what is asked of it

    def _reached(self) -> Part:
        part = self._value()
        while self._is(".") and part.kind in (*_DAYS, "any") and self._words[self._at + 1].text in METHODS:
            self._take()
            name = self._take()
            values, end = self._values(name, METHODS[name.text])
            kind = part.kind if METHODS[name.text].gives == "itself" else "number"
            kind = "day" if kind == "any" else kind
            code = f"{part.code}.{name.text}({', '.join(v.code for v in values)})"
            part = Part(kind, code, part.start, end)
        return part

    def _value(self) -> Part:
        word = self._take()
        match word.kind:
            case "number":
                if len(word.text) > limits.DIGITS:
                    self._problems.append(Problem("too_many", word.start, word.end, {"most": limits.DIGITS}))
                return Part("number", word.text, word.start, word.end)
            case "text":
                return Part("text", word.text, word.start, word.end)
            case "name":
                return self._named(word)
        if word.text == "(":
            part = self._choice()
            end = self._want(")").end
            return Part(part.kind, f"({part.code})", word.start, end, part.item, part.rows, part.bare)
        if word.text == "[":
            items: list[Part] = []
            while not self._is("]"):
                items.append(self._choice())
                if not self._is("]"):
                    self._want(",")
            end = self._take().end
            self._few(items, word.start, end)
            kinds = {i.kind for i in items}
            item = kinds.pop() if len(kinds) == 1 else "any"
            return Part("list", f"[{', '.join(i.code for i in items)}]", word.start, end, item)
        if word.text == "#":
            return self._row_value(word)
        if word.kind != "end":
            self._at -= 1
        raise WrongRule([*self._problems, self._unexpected()])

    def _named(self, word: Word) -> Part:
        if word.text in ("true", "false"):
            return Part("yes_no", word.text, word.start, word.end)
        if word.text == "null":
            return Part("nothing", "null", word.start, word.end)
        if word.text in ("and", "or", "in", "not"):
            self._at -= 1
            raise WrongRule([*self._problems, self._unexpected()])
        if self._is("("):
            return self._call(word)
        name, end = word.text, word.end
        while self._is(".") and self._words[self._at + 1].kind == "name":
            longer = f"{name}.{self._words[self._at + 1].text}"
            if name in self._names and longer not in self._names:
                break
            self._take()
            end = self._take().end
            name = longer
        kind = self._names.get(name)
        if kind is None:
            self._problems.append(Problem("unknown_name", word.start, end, {"name": name}))
            return Part("any", "null", word.start, end)
        key = self.used.setdefault(name, f"n{len(self.used)}")
        if not isinstance(kind, str):
            return Part("list", key, word.start, end, "rows", kind, source=name)
        return _cared(kind, key, word.start, end)

    def _row_value(self, word: Word) -> Part:
        if not self._row:
            self._problems.append(Problem("row_outside", word.start, word.end))
            return Part("any", "null", word.start, word.end)
        over = self._row[-1]
        if over.rows is None or not self._is("."):  # what computed lists of days hold is a day already
            return _cared(over.item if over.item in ("yes_no", "number", "text") else "any", "#", word.start, word.end)
        self._take()
        name = self._take()
        kind = over.rows.get(name.text)
        if kind is None:
            facts = {"name": name.text}
            self._problems.append(Problem("unknown_name", name.start, name.end, facts))
            return Part("any", "null", word.start, name.end)
        self.columns.setdefault(over.source, set()).add(name.text)
        return _cared(kind, f"#.c_{name.text}", word.start, name.end)

    def _call(self, name: Word) -> Part:
        function = FUNCTIONS.get(name.text)
        if function is None:
            self._problems.append(Problem("unknown_function", name.start, name.end, {"name": name.text}))
            function = Function(("any",) * 9, "any", least=0)
        values, end = self._values(name, function)
        first = values[0] if values else Part("any", "null", name.start, end)
        codes = [v.code for v in values]
        if function.skips_empty and codes:
            codes[0] = f"filter({codes[0]}, # != null)"
        if name.text == "string" and first.bare:
            return Part("text", f"({first.bare} == null ? null : string({first.code}))", name.start, end)
        if name.text in ("d", "date", "time") and first.code[0] in "\"'":
            self._literal(first, "time" if name.text == "time" else "day")
        kind, item, rows, source = function.gives, "any", None, ""
        if kind == "item":
            kind = first.item
        elif kind == "same list":
            kind, item, rows, source = "list", first.item, first.rows, first.source
        elif name.text == "map" and len(values) > 1:
            item = values[1].kind
        return Part(kind, f"{name.text}({', '.join(codes)})", name.start, end, item, rows, source=source)

    def _literal(self, part: Part, kind: str) -> None:
        text = part.code.strip("\"'")
        try:
            if kind == "day":
                if len(text) != 10:
                    raise ValueError
                date.fromisoformat(text)
            else:
                hour, minute = text.split(":")
                if not (len(text) == 5 and 0 <= int(hour) < 24 and 0 <= int(minute) < 60):
                    raise ValueError
        except ValueError:
            self._problems.append(Problem(kind, part.start, part.end))

    def _values(self, name: Word, function: Function) -> tuple[list[Part], int]:
        self._want("(")
        self._deeper()
        values: list[Part] = []
        while not self._is(")"):
            looping = function.loops and len(values) == 1
            if looping:
                self._row.append(values[0])
                if len(self._row) > limits.LOOPS:
                    raise WrongRule([Problem("too_deep", name.start, name.end, {"most": limits.LOOPS})])
            begun = self._at
            values.append(self._choice())
            if looping:
                self._row.pop()
                if self._row and self._at - begun > limits.INNER:
                    facts = {"most": limits.INNER}
                    self._problems.append(Problem("too_large", values[-1].start, values[-1].end, facts))
            if not self._is(")"):
                self._want(",")
        end = self._take().end
        self._depth -= 1
        least, most = function.least if function.least is not None else len(function.takes), len(function.takes)
        if not least <= len(values) <= most:
            wanted = str(most) if least == most else f"{least}–{most}"
            told: dict[str, Any] = {"name": name.text, "wanted": wanted, "given": len(values)}
            self._problems.append(Problem("arguments", name.start, end, told))
        for value, wanted in zip(values, function.takes, strict=False):
            self._fits(value, wanted)
        return values, end

    def _fits(self, value: Part, wanted: str) -> None:
        if wanted == "any":
            return
        if wanted == "unit":
            if value.kind != "text" or value.code.strip("\"'") not in UNITS:
                self._problems.append(Problem("unit", value.start, value.end))
        elif wanted == "text or list":
            self._need(value, "text", "text", "list")
        elif wanted == "day":
            self._need(value, "day", *_DAYS)
        else:
            self._need(value, wanted, wanted)


def _cared(kind: str, key: str, start: int, end: int) -> Part:
    """A named value as the engine is to take it: days and times of day read from their texts, unanswered yes/no as no."""
    code = key
    if kind in _DAYS:
        code = f"({key} == null ? null : d({key}))"
    elif kind == "time":
        code = f"({key} == null ? null : time({key}))"
    elif kind == "yes_no":
        code = f"({key} ?? false)"
    return Part(kind, code, start, end, bare=key)
