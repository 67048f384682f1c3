"use strict";

// What the three see of each other when the camp is over: boards with and without names, and never a reading.

const assert = require("node:assert/strict");

const { ProblemError } = require("../../client");
const { refusal } = require("../device");

const ANONYMOUS = "匿名糖友";

/** The places of a class's board over the camp as somebody sees them: [rank, name, score, is it me]. */
async function placesSeenBy({ client }, group, metric) {
  const { items, total, me } = await client.leaderboards.show({ class_id: group.id, period: "camp", metric });
  assert.equal(total, 3);
  const mine = items.find((place) => place.is_me);
  assert.deepEqual(me, { rank: mine.rank, score: mine.score });
  return items.map(({ rank, name, score, is_me }) => [rank, name, score, is_me]);
}

/** Every board of the class, from each side. `points` holds what the rules owe. */
async function checkBoards({ camp, group, wang, li, chen }, points) {
  const lunches = camp.days * camp.rules.points.meal.each;
  const byPoints = (nameOfLi, me) => [
    [1, nameOfLi, points.li, me === li],
    [2, wang.nickname, points.wang, me === wang],
    [3, chen.nickname, lunches, me === chen],
  ];
  assert.deepEqual(await placesSeenBy(wang, group, "points"), byPoints(ANONYMOUS, wang));
  assert.deepEqual(await placesSeenBy(chen, group, "points"), byPoints(ANONYMOUS, chen));
  assert.deepEqual(await placesSeenBy(li, group, "points"), byPoints(li.nickname, li));

  // A run of 28 with a made-up day is a run of 28: they share the first place, and the next one is the third.
  const runs = await placesSeenBy(chen, group, "streak");
  assert.deepEqual(runs.map(([rank, , score]) => [rank, score]), [[1, 28], [1, 28], [3, 0]]);
  assert.deepEqual(new Set(runs.map(([, name]) => name)), new Set([ANONYMOUS, wang.nickname, chen.nickname]));

  // Three of Wang's entries came too late to count.
  const checkIns = await placesSeenBy(wang, group, "check_ins");
  assert.deepEqual(checkIns.map(([, , score]) => score), [camp.days * 3, camp.days * 3 - 3, camp.days]);

  await li.client.people.change({ board_visible: true });
  assert.deepEqual(await placesSeenBy(wang, group, "points"), byPoints(li.nickname, wang));
  await li.client.people.change({ board_visible: false });
  assert.deepEqual(await placesSeenBy(wang, group, "points"), byPoints(ANONYMOUS, wang));
}

/** Every number and text in a JSON value. */
function leaves(value) {
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(leaves) : [value];
}

/** The leader asks for readings in every way the client has, is refused, and in 28 days was never told one. */
async function checkLeaderSawNoReading({ chen, heard, wang, li }, readings) {
  for (const person of [wang, li]) {
    const { items } = await person.client.entries.history({ kind: "glucose", limit: 1 });
    const asked = [
      () => chen.client.entries.show(items[0].id),
      () => chen.client.entries.change(items[0].id, { note: "看看" }),
      () => chen.client.entries.history({ person_id: person.id }),
      () => chen.client.people.show(person.id),
      () => chen.client.streaks.me({ enrolment_id: person.enrolment.id }),
      () => chen.client.points.me({ person_id: person.id }),
    ];
    for (const ask of asked) {
      const error = await refusal(ask());
      assert.ok(error instanceof ProblemError && [403, 404].includes(error.status), `${ask}: ${error.stack}`);
    }
  }
  assert.ok(heard.length > 28 * 3);
  for (const { url, text } of heard.filter((answer) => answer.text)) {
    const told = leaves(JSON.parse(text)).filter((leaf) => readings.includes(Number(leaf)));
    assert.deepEqual(told, [], `the leader was told a reading by ${url}`);
  }
}

module.exports = { checkBoards, checkLeaderSawNoReading };
