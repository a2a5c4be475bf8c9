"""Case files: a contract, what happened, and what must come out, in one document.

A case is where the words of a contract, published figures and the program meet. Each scenario is settled as any
contract is, by both rules engines where they run, and once more with clauses, fields and facts in the reverse order:
the settlement must be the same to the byte.

    title: Credits from an at-risk pool
    source: where the example comes from
    contract: { … a whole contract … }
    scenarios:
      - name: one level missed
        reading: {clauses/answer_credit/table/under 80 %: 3 %}    # values changed before the contract is read
        periods:
          2026-01: {answered: 79 %, calls: 1200}
        expect: {answer_credit: 2000.00, net: 98000.00}

The findings of reading and running cases:

======  ====================  ========================================================================
BPO700  not-a-case            the document, a scenario or a part of it has not the form of a case
BPO701  field-missing         a case without title, source, contract or scenarios, a scenario without name
BPO702  unknown-field         a field that cases do not have
BPO703  nothing-expected      an expectation without a value
BPO704  unknown-figure        a figure, clause, lot or item that the settlement does not have
BPO705  values-for-periods    a list of values that is not one for each period, or one value for several
BPO706  unknown-period        a scenario without periods, or a period to settle that has no facts
BPO707  not-comparable        an expected value in another unit or form than the figure's
BPO708  facts-not-usable      facts that have not the form of a measure or a list
BPO709  engines-disagree      the rules engine and the reference gave different determinations
======  ====================  ========================================================================
"""

from bpo_contracts.testing.accepting import accept
from bpo_contracts.testing.case import Case, Expected, Refusal, Scenario
from bpo_contracts.testing.reading import case_files, read_case, read_case_file
from bpo_contracts.testing.running import CaseResult, Failure, ScenarioResult, run_case

__all__ = [
    "Case",
    "CaseResult",
    "Expected",
    "Failure",
    "Refusal",
    "Scenario",
    "ScenarioResult",
    "accept",
    "case_files",
    "read_case",
    "read_case_file",
    "run_case",
]
