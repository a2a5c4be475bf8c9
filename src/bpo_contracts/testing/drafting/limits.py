"""Totals, caps inside caps, caps over windows, carried excess, collars, consequences."""

from __future__ import annotations

from bpo_contracts.testing.drafting.choosing import Document, Payer
from bpo_contracts.testing.drafting.payers import Payers


class Limits(Payers):
    """Drafts what limits, and what is no money."""

    def draft_limits(self) -> None:
        """Caps on totals and on single clauses, a limit around all, a ceiling on a charge."""
        for total in ("credits", "bonuses"):
            members = [payer for payer in self.payers if payer.toward == total]
            if members and self.yes():
                self.draft_caps(total, members)
            elif members and self.yes():
                self.draft_smallest(total, members, (), {})
        adjusting = [payer for payer in self.payers if payer.family != "charge"]
        single = [payer for payer in adjusting if not payer.toward]
        if single and self.yes():
            self.draft_caps(single[0].name, single[:1])
        # A limit around all of them: around a carried excess it is refused, and on one total's clauses it is a limit on
        # that total, where only one of them says how it is shared.
        carried = any("carried" in (clause.get("excess"), clause.get("below")) for clause in self.clauses)
        several = len({payer.toward or payer.name for payer in adjusting}) > 1
        if several and not carried and self.rarely():
            # Around a limit on amounts that go both ways an outer collar is refused.
            limited = {clause["limits"] for clause in self.clauses if isinstance(clause.get("limits"), str)}
            mixed = any(one.family == "both ways" and {one.name, one.toward} & limited for one in adjusting)
            self.draft_outer([payer.name for payer in adjusting], adjusting, collar=not mixed)
        charges = [payer for payer in self.payers if payer.family == "charge"]
        if charges and self.rarely():
            clause = self.clause("cap", "price_cap") | {"limits": charges[0].name, "at_most": self.money()}
            self.clauses.append(clause | {"excess": "lost", "shared": "pro rata"})

    def draft_caps(self, limits: str, members: list[Payer]) -> None:
        """One or two caps on a total or a clause; the first says how what is granted is shared."""
        pers = {payer.per for payer in members}
        per = members[0].per if len(pers) == 1 and self.yes() else ()
        one_way = {payer.family for payer in members} in ({"credit"}, {"bonus"})
        count = self.number(1, 2)
        for number in range(count):
            clause = self.clause("cap", f"{limits}_cap_{number + 1}", per) | {"limits": limits}
            window = self.window()
            carried = one_way and not self.falling and not self.given_back(members) and self.rarely()
            clause |= {"at_most": self.most(per), "excess": "carried" if carried else "lost"}
            clause |= self.carrying() if carried else {}
            clause |= {"window": window} if window else {}
            if window:
                clause |= self.returning(members)
            clause |= {"round": self.rounding()} if self.rarely() else {}
            self.clauses.append(clause | (self.sharing(members) if not number else {}))
        own = self.clauses[-count:]
        if count > 1 and "carried" in (own[0]["excess"], own[1]["excess"]):
            earlier, later = own if self.yes() else (own[1], own[0])
            later["after"] = earlier["cap"]
            if later["excess"] == "carried" and earlier.get("at_end_of_term") == "paid":
                earlier["at_end_of_term"] = "lapses"  # what it paid then would pass the later one
        if all(clause["excess"] == "lost" for clause in own) and self.rarely():
            self.draft_smallest(limits, members, per, {"compared": self.one("before caps", "after caps")})
        if per and not any("carried" in (one.get("excess"), one.get("below")) for one in self.clauses) and self.yes():
            whole = self.clause("cap", f"{limits}_of_all_lots") | {"at_most": self.most(()), "excess": "lost"}
            names = [payer.name for payer in members]
            self.limited_again(limits)
            self.clauses.append(whole | {"limits": names} | self.sharing(members))

    def returning(self, members: list[Payer]) -> Document:
        """Whether what comes back frees room of a window; a true-up only knows it of the whole contract."""
        names = {payer.name for payer in members}
        settled = bool(self.settled) and self.settled <= names
        if not settled and not (self.returned - self.settled) & names:
            return {}
        return {"returned": "stays used" if settled else self.one("frees room", "stays used")}

    def given_back(self, members: list[Payer]) -> bool:
        """Whether something gives back what one of these paid: then nothing of it can be carried."""
        return bool(self.returned & {payer.name for payer in members})

    def window(self) -> str:
        """The window of a cap; "" for the period alone."""
        windows = ["", "", f"last {self.span(3)}", "this contract year", "the whole contract", "this calendar year"]
        return self.one(*windows, *self.within_years("this quarter", "this half-year"))

    def carrying(self) -> Document:
        """When what a cap carries lapses, and what is paid first."""
        fields: Document = {"paid_first": self.one("oldest", "newest")} if self.yes() else {}
        if fields and self.yes():
            fields["lapses_after"] = self.span(3)
        ends = self.one("", "lapses_at", "paid", "lapses")
        if ends == "lapses_at":
            return fields | {"lapses_at": "end of contract year"}
        return fields | ({"at_end_of_term": ends} if ends else {})

    def draft_smallest(self, limits: str, members: list[Payer], per: tuple[str, ...], said: Document) -> None:
        """A total that is paid only if it is large enough; of amounts that all go one way."""
        if {payer.family for payer in members} not in ({"credit"}, {"bonus"}) or self.falling:
            return
        clause = self.clause("smallest_payment", f"{limits}_smallest", per) | {"limits": limits} | said
        clause["issued_only"] = self.one(f"over {self.money(300)}", f"{self.money(300)} or more")
        if said.get("compared") != "before caps" and not self.given_back(members) and self.yes():
            self.clauses.append(clause | {"below": "carried", "at_end_of_term": self.one("paid", "lapses")})
        else:
            self.clauses.append(clause | {"below": "lost"})

    def limited_again(self, *limits: str) -> None:
        """Around a smallest payment of these totals (none: of all) there is a cap, which can leave less of it."""
        for clause in self.clauses:
            if "smallest_payment" in clause and clause["limits"] in (limits or (clause["limits"],)):
                clause["compared"] = "before caps"

    def draft_outer(self, names: list[str], members: list[Payer], *, collar: bool) -> None:
        """A cap or collar on the listed clauses."""
        self.limited_again()
        clause = {"limits": self.choices.shuffled(names), "at_most": self.most(()), "excess": "lost"}
        if self.yes() and collar:
            least = self.money(1500)
            clause = self.clause("collar", "overall") | clause | {"at_least": f"-{least}" if least[0] != "0" else "0"}
        else:
            clause = self.clause("cap", "overall") | clause
        self.clauses.append(clause | self.sharing(members))

    def most(self, per: tuple[str, ...]) -> str:
        """The amount of a limit: fixed, or a share of a charge."""
        fitting = [name for name, of in self.bases if set(of) <= set(per)]
        if fitting and self.yes():
            return f"{self.percent(self.number(0, 200))} of {self.one(*fitting)}"
        return self.money(600)

    def sharing(self, members: list[Payer]) -> Document:
        """How what is granted is shared."""
        if self.yes():
            return {"shared": "pro rata"}
        return {"shared": "in order", "order": self.choices.shuffled([payer.name for payer in members])}

    def draft_consequences(self) -> None:
        """A warning when a credit is due, or due twice in a row; one for each long outage."""
        payers = [payer for payer in self.payers if payer.family == "credit"]
        if not payers or not self.yes():
            return
        payer = payers[0]
        due = f"{payer.name} is over 0 {self.currency}"
        clause = self.clause("consequence", "warning", payer.per) | {"happens": self.words()}
        self.clauses.append(clause | {"when": self.one(due, f"streak of ({due}) is at least 2")})
        if "outages" in self.lists:
            long = self.clause("consequence", "long_outage") | {"for_each": "outages", "happens": self.words()}
            self.clauses.append(long | {"when": "length is over 20 minutes"})
