"""Two who set targets at the same instant: one set is in force. On SQLite and on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from server.models.base import db
from server.models.targets import TargetSet
from tests.api.askers import a_class
from tests.makers import World

AT_ONCE = 6


def test_of_targets_set_at_the_same_instant_one_is_in_force(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    gate = threading.Barrier(AT_ONCE)

    def put(number: int) -> int:
        draft = {"ranges": {"fasting": {"from_mmol_l": 4.0 + number / 10, "below_mmol_l": 8.0}}}
        gate.wait(10)
        with world.app.test_client() as client:
            return client.put(f"/api/v1/people/{ming.id}/targets", json=draft,
                              headers={"Authorization": f"Bearer {hui.token}"}).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(put, range(AT_ONCE))) == {200}
    with world.app.app_context():
        ended = db.session.execute(sa.select(TargetSet.ended_at.is_(None)).order_by(TargetSet.set_at)).scalars().all()
        db.session.remove()
    assert sorted(ended) == [False] * (AT_ONCE - 1) + [True]
