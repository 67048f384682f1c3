"use strict";

// Twenty-eight days of a camp on a live server, on a stopped clock: `node camp.js http://127.0.0.1:PORT`.
// Wang files from WeChat, two days of it without a signal; Li does not want to be named on the boards; Chen leads the
// class. Every tap is two. What is due is computed from the rules that the camp publishes.

const assert = require("node:assert/strict");

const { createClient } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { checkBoards, checkLeaderSawNoReading } = require("./boards");
const { checkCertificates } = require("./certificates");
const { checkRewards } = require("./rewards");
const { all, arrive, dayOf, draftsOf, instant, overheardClient, twice, weChatPhone } = require("./people");

const STARTS_ON = "2026-03-02";
const OFFLINE = [14, 15];
// Each person's readings are their own, so that whose reached where can be told.
const GLUCOSE = { wang: 6.3, li: 7.7 };

/** The camp, its class, and the three in it: patient, opted-out classmate and leader, who is a patient too. */
async function gather(baseUrl) {
  const admin = createClient({ baseUrl, platform: nodePlatform() });
  await admin.dev.setClock(instant(dayOf(STARTS_ON, 0), "20:00"));
  await admin.session.start({ code: "dev:admin" });
  const [hospital] = await all((page) => admin.organisations.page(page));
  const draft = await admin.camps.create({
    organisation_id: hospital.id, template: "standard-28", name: "春季营", starts_on: STARTS_ON, timezone: "Asia/Shanghai",
  });
  const camp = await admin.camps.openCamp(draft.id);
  const group = await admin.classes.create({ camp_id: camp.id, name: "晨光班", capacity: 30 });
  const phone = weChatPhone(baseUrl);
  const { client: leading, heard } = overheardClient(baseUrl);
  const people = {
    wang: { client: phone.start(), nickname: "桂兰", visible: true },
    li: { client: createClient({ baseUrl, platform: nodePlatform() }), nickname: "国强", visible: false },
    chen: { client: leading, nickname: "陈班长", visible: true },
  };
  for (const [name, person] of Object.entries(people)) await join(name, person, group);
  await admin.people.grantRole(people.chen.id, { role: "leader", scope_type: "class", scope_id: group.id });
  return { baseUrl, admin, camp, group, phone, heard, ...people };
}

/** Arrived and enrolled, however often the button was tapped. */
async function join(name, person, group) {
  person.id = await arrive(person.client, name, person.nickname);
  const idempotencyKey = person.client.newId();
  const asked = { join_code: group.join_code, board_visible: person.visible, plan: "daily" };
  const [first, second] = await twice(() => person.client.enrolments.join(asked, { idempotencyKey }));
  assert.equal(first.id, second.id, "two taps are one enrolment");
  assert.equal(first.status, "active");
  person.enrolment = first;
}

/** The day of who keeps entries on the phone first, as the pages do: what each sending brought. */
async function keepTwice(client, drafts) {
  const said = [];
  for (const draft of drafts) {
    client.entries.keep(draft);
    client.entries.keep(draft);
    const [first, second] = await twice(() => client.entries.flush());
    assert.equal(first, second, "two taps are one sending");
    said.push(first);
  }
  return said;
}

/** The day of who files at once: one tap makes the entry, the other finds it; points come once. */
async function fileTwice(client, drafts) {
  let earned = 0;
  for (const draft of drafts) {
    const answers = await twice(() => client.entries.file(draft));
    assert.deepEqual(answers.map(({ entry }) => entry.id), [draft.id, draft.id]);
    assert.equal(Math.min(...answers.map((answer) => answer.points_earned)), 0, "the second tap earns nothing");
    earned += answers[0].points_earned + answers[1].points_earned;
  }
  return earned;
}

/** Wang's day with a signal: every draft is created, and a tap after that finds it there. */
async function wangsDay({ wang, phone, admin }, number, drafts) {
  if (OFFLINE.includes(number)) {
    phone.signal.lost = true;
    const said = await keepTwice(wang.client, drafts);
    said.forEach(({ results, stoppedBy }) => assert.deepEqual([results, stoppedBy.code], [[], "offline"]));
    // The battery is flat as well: what was kept must be found by a mini-program started anew.
    wang.client = phone.start();
    return;
  }
  if (OFFLINE.includes(number - 1)) await backOnline({ wang, phone, admin }, number);
  const said = await keepTwice(wang.client, drafts);
  assert.deepEqual(said.map(({ results }) => results.map(({ status }) => status)), drafts.map(() => ["created"]));
  drafts.forEach((draft) => wang.client.entries.keep(draft));
  const { results, waiting } = await wang.client.entries.flush();
  assert.deepEqual([results.map(({ status }) => status), waiting], [drafts.map(() => "identical"), 0]);
}

/**
 * The morning after two days without a signal. All six entries are kept in the health record; those of the first day
 * came after it had closed and count no more, so a make-up card 补卡 is played, once however often it is tapped.
 */
async function backOnline({ wang, phone, admin }, number) {
  assert.ok(phone.signal.failures > 0);
  phone.signal.lost = false;
  await admin.dev.setClock(instant(dayOf(STARTS_ON, number), "08:00"));
  const [{ results, waiting, stoppedBy }, again] = await twice(() => wang.client.entries.flush());
  assert.deepEqual([again.results.length, waiting, stoppedBy], [6, 0, null]);
  const became = OFFLINE.flatMap((day, place) =>
    Array(3).fill(["created", dayOf(STARTS_ON, day), place === 0 ? "day_closed" : "counts"]));
  assert.deepEqual(results.map(({ status, entry }) => [status, entry.day, entry.counts_reason]), became);
  const [missed] = OFFLINE;
  const before = await wang.client.streaks.me({ enrolment_id: wang.enrolment.id });
  assert.deepEqual([before.current, before.days[missed - 1].state], [1, "missed"]);
  const idempotencyKey = wang.client.newId();
  const asked = { enrolment_id: wang.enrolment.id, day: dayOf(STARTS_ON, missed) };
  const [first, second] = await twice(() => wang.client.streaks.makeUp(asked, { idempotencyKey }));
  assert.deepEqual([first.id, first.current, first.makeup_cards_left], [second.id, number - 1, 1]);
  await admin.dev.setClock(instant(dayOf(STARTS_ON, number), "20:00"));
}

/** What the leader reads of the others in the evening: who is done, paused or not, and how far. */
async function leaderLooks({ chen, group, wang, li }, number) {
  const members = await all((page) => chen.client.classes.members(group.id, page));
  const seen = Object.fromEntries(members.map((member) => [member.person_id, member]));
  const done = (person) => [seen[person.id].done.glucose, seen[person.id].complete_today, seen[person.id].streak];
  const offline = OFFLINE.includes(number);
  assert.deepEqual(done(li), [1, true, number]);
  // Without a signal nothing has arrived; the run still stands at what it was while the day is open.
  assert.deepEqual(done(wang).slice(0, 2), offline ? [0, false] : [1, true]);
  if (!offline) assert.equal(seen[wang.id].streak, number);
  assert.deepEqual([seen[chen.id].done.meal, seen[chen.id].complete_today], [1, false]);
}

/** One day of everybody, in the evening. */
async function liveDay(camp, number) {
  const { admin, wang, li, chen } = camp;
  const day = dayOf(STARTS_ON, number);
  await admin.dev.setClock(instant(day, "20:00"));
  await wangsDay(camp, number, draftsOf(wang.client, day, GLUCOSE.wang));
  li.earned = (li.earned || 0) + await fileTwice(li.client, draftsOf(li.client, day, GLUCOSE.li));
  // A leader who is a patient is ranked like one; this one only ever remembers lunch.
  await fileTwice(chen.client, draftsOf(chen.client, day, GLUCOSE.li).filter(({ kind }) => kind === "meal"));
  await leaderLooks(camp, number);
}

/** What the published rules owe for so many complete days with a run of all 28. */
function owed({ points }, completeDays) {
  const perDay = points.meal.each + points.exercise.each + points.glucose.each + points.complete_day;
  const milestones = Object.values(points.milestones).reduce((sum, paid) => sum + paid, 0);
  return completeDays * perDay + milestones + points.finish;
}

/** Streak, points, level, history and change feed of somebody whose run is 28. */
async function checkWhole({ camp }, { client, enrolment }, { states, level }) {
  const streak = await client.streaks.me({ enrolment_id: enrolment.id });
  assert.deepEqual([streak.current, streak.longest], [camp.days, camp.days]);
  assert.deepEqual(streak.days.map(({ state }) => state), states);
  const completeDays = states.filter((state) => state === "complete").length;
  assert.equal(streak.complete_days, completeDays);
  let balance = null;
  const lines = await all(async (page) => {
    const answer = await client.points.me(page);
    balance = [answer.balance, answer.level];
    return answer.lines;
  });
  assert.deepEqual(balance, [owed(camp.rules, completeDays), level]);
  assert.equal(lines.reduce((sum, { points }) => sum + points, 0), balance[0], "the ledger adds up");
  const entries = await all((page) => client.entries.history(page));
  assert.equal(new Set(entries.map(({ id }) => id)).size, camp.days * 3, "no double tap left two entries");
  assert.equal(entries.length, camp.days * 3);
  await checkChanges(client, entries);
}

/** The change feed brings a new phone of the same person everything, in order, once. */
async function checkChanges(client, entries) {
  const found = [];
  let since = 0;
  for (let more = true; more;) {
    const { items, next, last_change: last } = await client.entries.changes({ since, limit: 50 });
    found.push(...items);
    more = next !== null;
    since = last;
  }
  assert.deepEqual(new Set(found.map(({ id }) => id)), new Set(entries.map(({ id }) => id)));
  assert.ok(found.every(({ change, deleted, entry }, place) =>
    !deleted && entry && (place === 0 || change > found[place - 1].change)));
  const later = await client.entries.changes({ since });
  assert.deepEqual(later, { items: [], next: null, last_change: since });
}

/** The whole camp, lived and looked back on. */
async function live(baseUrl) {
  const camp = await gather(baseUrl);
  for (let number = 1; number <= camp.camp.days; number += 1) await liveDay(camp, number);
  await camp.admin.dev.setClock(instant(dayOf(STARTS_ON, camp.camp.days + 1), "12:01"));
  await camp.admin.dev.runDue();
  const levels = camp.camp.rules.certificates.map(({ level }) => level);
  const whole = Array(camp.camp.days).fill("complete");
  const madeUp = whole.map((state, place) => (place + 1 === OFFLINE[0] ? "made_up" : state));
  await checkWhole(camp, camp.li, { states: whole, level: levels.at(-1) });
  await checkWhole(camp, camp.wang, { states: madeUp, level: levels.at(-2) });
  const { days, rules } = camp.camp;
  assert.equal(camp.li.earned, owed(rules, days), "what every filing said it earned adds up too");
  await checkBoards(camp, { wang: owed(rules, days - 1), li: owed(rules, days) });
  await checkLeaderSawNoReading(camp, Object.values(GLUCOSE));
  await checkCertificates(camp, { li: levels.at(-1), wang: levels.at(-2) });
  await checkRewards(camp);
}

live(process.argv[2]).then(
  () => process.stdout.write("三个人走完了二十八天，每一下都点了两次。\n"),
  (error) => {
    process.stderr.write(`${error.stack}\n${JSON.stringify(error.errors || {})}\n`);
    process.exitCode = 1;
  },
);
