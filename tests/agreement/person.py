"""A person who meddles: gives, cancels and replaces orders, halts and frees desks, over the services' own routes."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

import httpx2
from tests.agreement.stage import Stage
from tests.agreement.trials import INITIAL_CASH, Trial

_TIMEOUT: Final = 10.0
_STRICT_FOR: Final = (3, 12)
"""How many wishes a desk stays halted or reducing for, at least and at most."""
Document = dict[str, Any]


class RefusedError(RuntimeError):
    """An answer that a right request must not get."""

    def __init__(self, wish: str, status: int, text: str) -> None:
        super().__init__(f"{wish} was answered with {status}: {text[:300]}")


class Person:
    """Has wishes about every trial until stopped. A request that a killed service did not answer is asked again.

    `answers` counts what was asked for and the status it was answered with, `seen` the statuses of the orders told of,
    `failure` says why it stopped by itself.
    """

    def __init__(self, stage: Stage, trials: Sequence[Trial], seed: int, pause: float) -> None:
        self._stage = stage
        self._trials = trials
        self._chance = random.Random(f"{seed} person")
        self._pause = pause
        self._client = httpx2.Client(timeout=_TIMEOUT, trust_env=False)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="person")
        self._strict: dict[str, int] = {}
        """For how many more wishes a trial's desk is kept halted or reducing."""
        self.answers: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.failure: Exception | None = None

    def start(self) -> None:
        """Begin to have wishes."""
        self._thread.start()

    def end(self) -> None:
        """Free every desk, and have no more wishes."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._client.close()

    def free_all(self) -> None:
        """Free every desk that is kept halted or reducing; nothing else is wished for meanwhile."""
        for trial in self._trials:
            if self._strict.pop(trial.name, 0):
                self._set_state(trial, "ACTIVE")

    def _run(self) -> None:
        wishes: tuple[tuple[int, Callable[[Trial], None]], ...] = (
            (30, self._buy), (10, self._buy_with_bracket), (4, self._buy_too_much), (15, self._sell),
            (15, self._cancel), (8, self._replace), (3, self._withdraw), (3, self._ask_twice), (4, self._be_strict),
            (1, self._flatten),
        )  # fmt: skip
        weights = [weight for weight, _ in wishes]
        try:
            while not self._stop.wait(self._pause):
                trial = self._chance.choice(self._trials)
                self._relent(trial)
                [(_, wish)] = self._chance.choices(wishes, weights)
                wish(trial)
            self.free_all()
        except Exception as error:
            self.failure = error

    def _relent(self, trial: Trial) -> None:
        left = self._strict.get(trial.name, 0)
        if left == 1:
            self._set_state(trial, "ACTIVE")
        if left:
            self._strict[trial.name] = left - 1

    def _buy(self, trial: Trial) -> None:
        self._place(trial, "BUY", self._units(INITIAL_CASH // 200))

    def _buy_too_much(self, trial: Trial) -> None:
        self._place(trial, "BUY", self._units(INITIAL_CASH * 2))

    def _buy_with_bracket(self, trial: Trial) -> None:
        symbol = self._chance.choice(trial.market.symbols)
        last = self._ask("GET", trial, f"/orders?symbol={symbol}&limit=1")
        price = float(last["orders"][0]["decision_px"] or 100) if last and last["orders"] else 100.0
        bracket = {
            "stop_price": f"{price * self._chance.uniform(0.95, 0.999):.4f}",
            "target_price": f"{price * self._chance.uniform(1.001, 1.05):.4f}",
        }
        for end in self._chance.choice(((), ("stop_price",), ("target_price",))):
            del bracket[end]
        self._place(trial, "BUY", self._units(INITIAL_CASH // 200), symbol, **bracket)

    def _sell(self, trial: Trial) -> None:
        self._place(trial, "SELL", self._units(INITIAL_CASH // self._chance.choice((5, 200))))

    def _withdraw(self, trial: Trial) -> None:
        placed = self._place(trial, "BUY", 1)
        if placed is not None:
            self._ask("DELETE", trial, f"/orders/{placed['client_order_id']}")

    def _ask_twice(self, trial: Trial) -> None:
        """The same again is one order, and something else under the same name is refused."""
        body = self._order(trial, "BUY", self._units(INITIAL_CASH // 500))
        headers = {"Idempotency-Key": str(self._new_id())}
        first, second = (self._ask("POST", trial, "/orders", body, headers=headers) for _ in range(2))
        if first is not None and second is not None and first["client_order_id"] != second["client_order_id"]:
            raise RefusedError("the same order again", 202, f"{second} is not {first}")
        if first is not None:
            self._ask("POST", trial, "/orders", {**body, "quantity": "1234567"}, headers=headers, wanted=(409,))

    def _cancel(self, trial: Trial) -> None:
        order = self._some_order_at_work(trial)
        if order is not None:
            self._ask("DELETE", trial, f"/orders/{order['client_order_id']}")

    def _replace(self, trial: Trial) -> None:
        order = self._some_order_at_work(trial)
        if order is None:
            return
        at = f"/orders/{order['client_order_id']}"
        quantity = str(max(1, int(float(order["leaves_qty"]) * self._chance.uniform(0.3, 1.5))))
        self._ask("PATCH", trial, at, {"quantity": quantity}, wanted=(200, 202, 409))
        self._ask("GET", trial, at)

    def _be_strict(self, trial: Trial) -> None:
        self._set_state(trial, self._chance.choice(("REDUCING", "HALTED")))

    def _flatten(self, trial: Trial) -> None:
        headers = {"Idempotency-Key": str(self._new_id())}
        if self._ask("POST", trial, "/flatten", {"reason": "enough"}, headers=headers) is not None:
            self._strict[trial.name] = self._chance.randint(*_STRICT_FOR)

    def _set_state(self, trial: Trial, state: str) -> None:
        wanted = {"state": state, "reason": f"a person wants it {state.lower()}"}
        while self._ask("POST", trial, "/trading-state", wanted) is None:
            if self._stop.wait(1.0):
                break  # the last word is free_all's
        if state != "ACTIVE":
            self._strict[trial.name] = self._chance.randint(*_STRICT_FOR)

    def _some_order_at_work(self, trial: Trial) -> Document | None:
        status = self._chance.choice(("ACCEPTED", "ACCEPTED", "PARTIALLY_FILLED"))
        said = self._ask("GET", trial, f"/orders?status={status}&limit=20")
        return self._chance.choice(said["orders"]) if said and said["orders"] else None

    def _place(
        self, trial: Trial, side: str, quantity: int, symbol: str | None = None, **bracket: str
    ) -> Document | None:
        body = {**self._order(trial, side, quantity, symbol), **bracket, "client_order_id": str(self._new_id())}
        return self._ask("POST", trial, "/orders", body)

    def _order(self, trial: Trial, side: str, quantity: int, symbol: str | None = None) -> dict[str, str]:
        return {
            "symbol": symbol or self._chance.choice(trial.market.symbols),
            "side": side,
            "quantity": str(quantity),
        }

    def _units(self, worth: int) -> int:
        """Return how much of a symbol at 100 is worth about this."""
        return self._chance.randint(1, worth // 50)

    def _new_id(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)

    def _ask(
        self,
        method: str,
        trial: Trial,
        path: str,
        body: Document | None = None,
        headers: dict[str, str] | None = None,
        wanted: Sequence[int] = (200, 202),
    ) -> Document | None:
        """Ask a trial's trading service, twice where it does not answer; None where it has no answer either time.

        Raises:
            RefusedError: the answer is another than those wanted.
        """
        wish = f"{method} {path.split('?')[0].split('/')[1]}"
        for _ in range(2):
            try:
                answer = self._client.request(
                    method, self._stage.address(trial, "trading") + path, json=body, headers=headers
                )
            except httpx2.TransportError:
                self.answers[f"{wish} unanswered"] += 1
                if self._stop.wait(1.0):
                    break
                continue
            self.answers[f"{wish} {answer.status_code}"] += 1
            if answer.status_code == 503:
                continue
            right = answer.status_code in wanted
            if not right and answer.status_code != 409:
                raise RefusedError(f"{method} {path} of {trial.name} {body or ''}", answer.status_code, answer.text)
            said: Document = answer.json()
            if not right and "no price" in said["detail"]:
                return None  # the symbol has no bar yet
            if not right:
                raise RefusedError(f"{method} {path} of {trial.name} {body or ''}", 409, answer.text)
            self._note(said)
            return said
        return None

    def _note(self, said: Document) -> None:
        for order in (said, *said.get("orders", ())):
            if "status" in order and "client_order_id" in order:
                self.seen[order["status"]] += 1
