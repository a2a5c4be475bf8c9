"""How results meet: sets of credits that exclude one another, and scores with weights."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bpo_contracts.contract.lowering.items import Items
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.contract.lowering.results import Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import PERCENT, PLAIN, WORD

_NONE = "none"
_ONE, _NOTHING = n.Quantity(Fraction(1), PLAIN), n.Quantity(Fraction(0), PLAIN)


class Combining(Items):
    """Builds exclusions when all clauses are known, and scorecards where they stand."""

    # --- scorecards -----------------------------------------------------------------------------------------

    def scorecard(self, clause: Any) -> None:
        """The weights that are used, and the weighted score."""
        names = sorted(clause.weights)
        given = {name: self._weight(clause, name) for name in names}
        self._weights_are_whole(given)
        place = self._name_place()
        scores = {name: n.Name(name, source=self.contract.key_place((*self._path, "weights", name))) for name in names}
        known = {name: n.Known(score, source=score.source) for name, score in scores.items()}
        counted = tuple(n.Choose(known[name], _ONE, _NOTHING, f"is there a score {name}?") for name in names)
        self.figure("known", n.Fold("sum", None, counted, source=place), "number of scores")
        rounding = self._rounding(clause.round_weights, (*self._path, "round_weights"), PERCENT)
        for name in names:
            weight = self._used_weight(clause, name, given, known)
            if rounding is not None:
                weight = n.Round(weight, rounding, source=self.place("round_weights"))
            self.figure(f"weight.{name}", weight, f"weight of {name.replace('_', ' ')}")
        parts = tuple(self._part(clause, name, scores[name], known[name]) for name in names)
        total: n.AnyNode = n.Fold("sum", None, parts, source=place)
        if clause.needs_at_least is not None:
            least = n.Quantity(Fraction(int(clause.needs_at_least)), PLAIN, source=self.place("needs_at_least"))
            reason = f"clause {clause.clause} needs at least {clause.needs_at_least} scores"
            few = n.NoValue(reason, refused=clause.with_fewer == "refuse", source=self.place("with_fewer"))
            enough = n.Test(">=", self.name("known"), least, source=self.place("needs_at_least"))
            total = n.Choose(enough, total, few, f"are there {clause.needs_at_least} scores or more?", source=place)
        rounding = self._rounding(clause.round, (*self._path, "round"), None)
        self.figure("", n.Round(total, rounding, source=self.place("round")) if rounding else total, "weighted score")

    def _weight(self, clause: Any, name: str) -> n.AnyNode:
        return self._parse(clause.weights[name], (*self._path, "weights", name), parse_formula)

    def _weights_are_whole(self, given: dict[str, n.AnyNode]) -> None:
        numbers = [weight for weight in given.values() if isinstance(weight, n.Quantity)]
        total = sum((weight.value for weight in numbers), Fraction(0))
        below = [weight for weight in numbers if weight.value < 0]
        if below or (len(numbers) == len(given) and total != 100):
            has = "one is below zero" if below else f"they come to {float(total):g} %"
            problem = f"The weights of a scorecard come to 100 %, and here {has}."
            self._note_next("BPO285", "weights-not-whole", self.place("weights"), problem, "Correct the weights.")

    def _used_weight(self, clause: Any, name: str, given: dict[str, n.AnyNode], known: dict[str, n.Known]) -> n.AnyNode:
        """The weight of a score: its own, or its share of the weights of the scores there are."""
        own = given[name]
        if clause.missing != "reweight":
            return own
        place, nothing = self.place("missing"), n.Quantity(Fraction(0), PERCENT)
        there = tuple(n.Choose(known[one], given[one], nothing, f"is there a score {one}?") for one in sorted(given))
        share = n.AsPercent(own, n.Fold("sum", None, there, source=place), source=place)
        return n.Choose(known[name], share, nothing, f"is there a score {name}?", source=place)

    def _part(self, clause: Any, name: str, score: n.Name, known: n.Known) -> n.AnyNode:
        """What a score adds to the whole."""
        place = score.source
        if clause.missing == "refuse":
            whole = n.OrElse(
                score, n.NoValue(f"the score {name!r} is missing", refused=True, source=place), source=place
            )
            return n.Of(self.name(f"weight.{name}"), whole, source=place)
        weighted = n.Of(self.name(f"weight.{name}"), score, source=place)
        return n.Choose(known, weighted, ZERO, f"is there a score {name}?", source=place)

    # --- exclusions -----------------------------------------------------------------------------------------

    def exclusive(self, clause: Any) -> None:
        """Remembers an exclusion; it is built when all clauses are known."""
        self._exclusions.append((self._index, clause))

    def _build_exclusions(self) -> None:
        for index, clause in sorted(self._exclusions, key=lambda one: one[1].name):
            self._index, self._path = index, ("clauses", index)
            with self.clause(clause):
                lines = self._excluded_lines(clause)
                if lines:
                    self._exclude(clause, lines)
        self._path = ()

    def _excluded_lines(self, clause: Any) -> dict[str, Line]:
        """The lines of all sets by clause; none (and findings) if they cannot exclude one another."""
        known = {line.clause.name: line for line in self.lines}
        names = [name for members in clause.sets.values() for name in members]
        place = self.place("sets")
        for name in names:
            problem = ""
            if name not in known:
                problem = f"{name!r} is not a clause that pays."
            elif name in self.combined:
                problem = f"{name!r} is in two exclusions; a clause is in one."
            elif getattr(known[name].clause, "only_the_highest_per", ()):
                problem = (
                    f"{name!r} pays only the highest of an incident already; let the exclusion do it, or the clause."
                )
            if problem:
                self._note_problem("BPO266", "not-excludable", place, problem)
                return {}
        pers = {self._clause_per(known[name].clause) for name in names}
        per = next(iter(pers))
        if len(pers) > 1 or (bool(clause.same) != (per in self.contract.lists)):
            problem = (
                "The clauses of an exclusion are all about items of one list, with 'same' to tell its incidents apart,"
            )
            problem += " or none of them is."
            self._note_problem("BPO267", "exclusion-over-different-things", place, problem)
            return {}
        if clause.same and not self._are_columns(per, clause.same, "same"):
            return {}
        return {name: known[name] for name in names}

    def _exclude(self, clause: Any, lines: dict[str, Line]) -> None:
        per = self._clause_per(next(iter(lines.values())).clause)
        place = self.place("sets")
        suffix = "each" if clause.same else "gross"
        for name, members in sorted(clause.sets.items()):
            parts = [n.Name(f"{member}.{suffix}", source=place) for member in sorted(members)]
            whole: n.AnyNode = parts[0] if len(parts) == 1 else n.Fold("sum", None, tuple(parts), source=place)
            if clause.same:
                whole = n.Fold("sum", whole, per, self._same(clause.same, place), source=place)
            self.figure(name, whole, f"set {name.replace('_', ' ')}", per=per)
        self.figure("taken", self._taken(clause, per), "set that is paid", per=per)
        for name, members in sorted(clause.sets.items()):
            for member in sorted(members):
                self._keep_taken(clause, name, lines[member], per)

    def _keep_taken(self, clause: Any, set_name: str, line: Line, per: str) -> None:
        """What a clause pays once the sets have been compared: all or nothing, incident by incident."""
        place, member = self.place("sets"), line.clause
        citation = Citation(member.clause, member.words, self._name_place())
        is_taken = n.Test("==", self.name("taken"), n.Literal_(set_name, WORD), source=place)
        own = n.Name(f"{member.name}.each" if clause.same else line.gross, source=place)
        kept: n.AnyNode = n.Choose(is_taken, own, ZERO, f"is {set_name} the set that is paid?", source=place)
        name = f"{member.name}.within_{clause.name}"
        says = f"{member.says} within {clause.says}"
        if clause.same:
            each = f"{member.name}.each_within_{clause.name}"
            self.figures.append(n.Figure(each, kept, citation, f"{says}, for the item", per, None, place))
            kept = n.Fold("sum", n.Name(each, source=place), per, source=place)
            if getattr(member, "rounded", None) == "the sum":
                kept = n.Round(kept, self._rounding_of(member), source=place)
            per = ""
        self.figures.append(n.Figure(name, kept, citation, says, per, None, place))
        self.combined[member.name] = name

    def _rounding_of(self, member: Any) -> Any:
        index = next(i for i, one in enumerate(self.contract.clauses) if one is member)
        before, self._path = self._path, ("clauses", index)
        rounding = self._line_rounding(member.round)
        self._path = before
        return rounding

    def _taken(self, clause: Any, per: str) -> n.AnyNode:
        """The name of the set that is paid, as a word."""
        if clause.take != "elected":
            return self._by_size(clause, clause.take)
        if clause.not_elected == "none":
            otherwise: n.AnyNode = n.Literal_(_NONE, WORD, source=self.place("not_elected"))
        else:
            otherwise = self._by_size(clause, clause.not_elected)
        return self._elected(clause, per, otherwise)

    def _by_size(self, clause: Any, take: str) -> n.AnyNode:
        """The larger or smaller set; of equal ones the first in ``if_equal``."""
        place = self.place("if_equal")
        *others, last = clause.if_equal
        chosen: n.AnyNode = n.Literal_(last, WORD, source=place)
        operator: n.CompareOperator = ">=" if take == "larger set" else "<="
        for position, name in reversed(list(enumerate(others))):
            later = clause.if_equal[position + 1 :]
            tests = tuple(n.Test(operator, self.name(name), self.name(other), source=place) for other in later)
            wins = tests[0] if len(tests) == 1 else n.Every(tests, source=place)
            asks = f"is {name} the {take}?"
            chosen = n.Choose(wins, n.Literal_(name, WORD, source=place), chosen, asks, source=place)
        return chosen

    def _sets_can_be_elected(self, clause: Any, per: str, place: Source) -> None:
        """Whether the words of an election hold the name of every set."""
        column = self.contract.lists[per].words.get(clause.elected_by, ()) if per in self.contract.lists else ()
        measure = self.contract.measures.get(clause.elected_by)
        words = column or (measure.words if measure is not None else ())
        never = [name for name in sorted(clause.sets) if words and name not in words]
        if never:
            problem = f"The set {never[0]!r} can never be elected: {clause.elected_by!r} is one of {', '.join(words)}."
            step = "Give the sets the names that are reported, or add the words."
            self._note_next("BPO266", "not-excludable", place, problem, step)

    def _elected(self, clause: Any, per: str, otherwise: n.AnyNode) -> n.AnyNode:
        """The set that is elected; an election of no set, or of two for one incident, is refused."""
        place = self.place("elected_by")
        elected = n.Name(clause.elected_by, source=place)
        self._sets_can_be_elected(clause, per, place)

        def anywhere(condition: n.AnyNode) -> n.AnyNode:
            if not clause.same:
                return condition
            return n.Fold("any", condition, per, self._same(clause.same, place), none_found=None, source=place)

        known = n.Known(elected, source=place)
        chosen: n.AnyNode = otherwise
        reason = f"{clause.elected_by!r} names no set of clause {clause.clause}, or two for one incident"
        refused = n.NoValue(reason, refused=True, source=place)
        chosen = n.Choose(anywhere(known), refused, otherwise, "is there any other election?", source=place)
        for name in sorted(clause.sets, reverse=True):
            this = n.Test("==", elected, n.Literal_(name, WORD), source=place)
            is_this = n.Every((known, this), source=place)
            is_other = n.Every((known, n.Not(this, source=place)), source=place)
            only: n.AnyNode = is_this
            if clause.same:
                only = n.Every((anywhere(is_this), n.Not(anywhere(is_other), source=place)), source=place)
            word = n.Literal_(name, WORD, source=place)
            chosen = n.Choose(only, word, chosen, f"is {name} elected?", source=place)
        return chosen
