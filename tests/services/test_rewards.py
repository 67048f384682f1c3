"""Holds under every order of events, under a crowd, and under a crash."""

import concurrent.futures
import threading
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from server.domain.refusals import Refusal
from server.models.base import db
from server.models.points import Balance
from server.models.rewards import Redemption, Reward
from server.services import points, rewards
from server.services.rewards import redeeming
from server.services.work import Call
from tests.makers import World


class Crash(BaseException):
    """The process dies: nothing catches this."""


def call(world: World, person=None) -> Call:
    made = world.app.extensions["tangying"]
    return Call(made, made.clock.now(), "test", uuid.UUID(person.id) if person else None)


def offer(world: World, price: int, stock: int) -> uuid.UUID:
    return uuid.UUID(world.admin.post("/rewards", {
        "name": "保温杯", "points": price, "stock": stock, "audience": "patient"})["id"])


def give(world: World, person, amount: int) -> None:
    with world.app.app_context():
        points.adjust(call(world, world.admin), {
            "enrolment_id": uuid.UUID(person.enrolment["id"]), "points": amount, "reason": "测试"})


def kept(world: World) -> tuple[int, int, int, dict[str, int]]:
    """(points, held, stock, redemptions by status)."""
    with world.app.app_context(), db.engine.connect() as connection:
        balance = connection.execute(sa.select(Balance.points, Balance.held)).first() or (0, 0)
        stock = connection.execute(sa.select(Reward.stock)).scalar_one()
        counted = dict(connection.execute(sa.select(Redemption.status, sa.func.count()).group_by(Redemption.status)).all())
    return balance[0], balance[1], stock, counted


def outcome(act, *given) -> str:
    """What became of it: a status, or the code of the refusal."""
    try:
        return act(*given)["status"]
    except Refusal as refusal:
        return refusal.code


def crowd(world: World, count: int, act) -> list[str]:
    """What became of so many at the same instant: a status or a refusal's code."""
    gate = threading.Barrier(count)

    def one(_: int) -> str:
        gate.wait(20)
        with world.app.app_context():
            return outcome(act)

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_twenty_at_once_with_points_for_one_leave_exactly_one(world: World) -> None:
    ming, reward = world.patient(), offer(world, 60, 50)
    give(world, ming, 100)
    became = crowd(world, 20, lambda: rewards.redeem(call(world, ming), reward, None))
    assert sorted(became) == ["held", *["not_enough_points"] * 19]
    assert kept(world) == (100, 60, 49, {"held": 1})


def test_twenty_at_once_for_the_last_one_leave_exactly_one(world: World) -> None:
    ming, reward = world.patient(), offer(world, 1, 1)
    give(world, ming, 100)
    became = crowd(world, 20, lambda: rewards.redeem(call(world, ming), reward, None))
    assert sorted(became) == ["held", *["out_of_stock"] * 19]
    assert kept(world) == (100, 1, 0, {"held": 1})


def test_who_settles_and_who_releases_at_once_do_one_of_the_two(world: World) -> None:
    ming, reward = world.patient(), offer(world, 60, 5)
    give(world, ming, 100)
    with world.app.app_context():
        held = rewards.redeem(call(world, ming), reward, None)["id"]
    acts = iter([rewards.settle, rewards.release] * 4)
    lock = threading.Lock()

    def act():
        with lock:
            chosen = next(acts)
        return chosen(call(world, world.admin), held, *([None] if chosen is rewards.settle else []))

    became = crowd(world, 8, act)
    assert became.count("redemption_not_held") == 7
    assert kept(world) in ((40, 0, 4, {"settled": 1}), (100, 0, 5, {"released": 1}))


def test_a_crash_before_the_commit_leaves_nothing_half_done(world: World, monkeypatch) -> None:
    ming, reward = world.patient(), offer(world, 60, 5)
    give(world, ming, 100)

    def dies(*_: object, **__: object) -> None:
        raise Crash

    with world.app.app_context():
        with monkeypatch.context() as broken:
            broken.setattr(redeeming.trail, "record", dies)
            with pytest.raises(Crash):
                rewards.redeem(call(world, ming), reward, None)
        assert kept(world) == (100, 0, 5, {})
        held = rewards.redeem(call(world, ming), reward, None)["id"]
        with monkeypatch.context() as broken:
            broken.setattr(redeeming, "_ended", dies)
            with pytest.raises(Crash):
                rewards.settle(call(world, world.admin), held, None)
        assert kept(world) == (100, 60, 4, {"held": 1})
        assert rewards.settle(call(world, world.admin), held, None)["status"] == "settled"
    assert kept(world) == (40, 0, 4, {"settled": 1})


class Holds(RuleBasedStateMachine):
    """Any order of giving, taking, holding, settling, releasing and time passing, beside plain arithmetic."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.context = self.world.app.app_context()
        self.context.push()
        self.ming = self.world.person("ming")
        self.price, self.stock, self.settled = 30, 4, 0
        self.held: list[uuid.UUID] = []
        self.reward = offer(self.world, self.price, self.stock)
        self.before = self.ming.points()["balance"]
        self.points = self.before

    def teardown(self) -> None:
        """Give everything back, so that the next run starts with nothing held."""
        for redemption in self.held:
            rewards.release(call(self.world, self.world.admin), redemption)
        self.context.pop()

    @rule(amount=st.sampled_from([-100, -30, -1, 1, 30, 90]))
    def correct(self, amount: int) -> None:
        """An admin gives or takes points."""
        give(self.world, self.ming, amount)
        self.points += amount

    @rule()
    def redeem(self) -> None:
        """One more is held when points and stock allow it, and else nothing moves."""
        enough, left = self.points - self.price * len(self.held) >= self.price, self.stock > 0
        became = outcome(rewards.redeem, call(self.world, self.ming), self.reward, None)
        assert became == ("out_of_stock" if not left else "held" if enough else "not_enough_points")
        if became == "held":
            listed = self.ming.get("/rewards/redemptions?status=held&limit=100")["items"]
            self.held += [new for one in listed if (new := uuid.UUID(one["id"])) not in self.held]
            self.stock -= 1

    @precondition(lambda self: self.held)
    @rule(place=st.integers(0, 3))
    def settle(self, place: int) -> None:
        """A held one is spent, unless the balance lies below what is held."""
        redemption = self.held[place % len(self.held)]
        covered = self.points >= self.price * len(self.held)
        became = outcome(rewards.settle, call(self.world, self.world.admin), redemption, None)
        assert became == ("settled" if covered else "not_enough_points")
        if covered:
            self.held.remove(redemption)
            self.points -= self.price

    @precondition(lambda self: self.held)
    @rule(place=st.integers(0, 3))
    def release(self, place: int) -> None:
        """A held one comes back."""
        redemption = self.held.pop(place % len(self.held))
        rewards.release(call(self.world, self.world.admin), redemption)
        self.stock += 1

    @invariant()
    def everything_adds_up(self) -> None:
        """Balance, holds and stock are what arithmetic says."""
        shown = self.ming.points()
        assert (shown["balance"], shown["held"]) == (self.points, self.price * len(self.held))
        with db.engine.connect() as connection:
            assert connection.execute(sa.select(Reward.stock).where(Reward.id == self.reward)).scalar_one() == self.stock


def test_holds_add_up_in_any_order_of_events(world: World) -> None:
    world.patient("ming")
    Holds.world = world
    run_state_machine_as_test(Holds, settings=settings(
        max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)))
