"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const { createClient, OfflineError } = require("../client");
const { fileStore } = require("../client/node");
const { patientPlatform, refusal, signedIn } = require("./device");
const { problem, startTwin } = require("./twin");

const occurred_at = "2026-03-02T07:00:00+08:00";
const meal = (text, more = {}) => ({ kind: "meal", occurred_at, slot: "breakfast", text, ...more });
const idsSent = (twin) => twin.asked("/entries/sync").map((request) => request.body.entries.map((draft) => draft.id));

test("an entry is stored with its id before anything is sent", async (t) => {
  const twin = await startTwin(t);
  const { client, store } = await signedIn(twin);
  const kept = client.entries.keep(meal("小米粥"));
  assert.match(kept.id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(store.get("tangying.kept.wang"), [{ draft: kept, refusal: null }]);
  assert.equal(twin.asked("/entries/sync").length, 0);
});

test("two taps are one entry, on the phone and on the server", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const draft = meal("小米粥", { id: client.newId() });
  client.entries.keep(draft);
  const [first, second] = await Promise.all([client.entries.flush(), client.entries.flush()]);
  assert.equal(first, second);
  client.entries.keep(draft);
  assert.equal((await client.entries.flush()).results[0].status, "identical");
  client.entries.keep(draft);
  client.entries.keep(draft);
  await client.entries.flush();
  assert.equal(twin.entries.size, 1);
  assert.deepEqual(idsSent(twin), [[draft.id], [draft.id], [draft.id]]);
  assert.deepEqual(client.entries.kept(), []);
});

test("what was kept without a network survives a restart and goes out in order", async (t) => {
  const twin = await startTwin(t);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tangying-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, "phone.json");
  const { client } = await signedIn(twin, "wang", fileStore(file));
  await twin.stop();
  const ids = ["早", "中", "晚"].map((text) => client.entries.keep(meal(text)).id);
  const flushed = await client.entries.flush();
  assert.ok(flushed.stoppedBy instanceof OfflineError);
  assert.equal(flushed.waiting, 3);
  await twin.start();
  const restarted = createClient({ baseUrl: twin.url, platform: patientPlatform({ store: fileStore(file) }) });
  const { results, waiting, stoppedBy } = await restarted.entries.flush();
  assert.deepEqual(results.map((result) => [result.id, result.status]), ids.map((id) => [id, "created"]));
  assert.deepEqual([waiting, stoppedBy], [0, null]);
});

test("an answer lost on its way back loses and doubles nothing", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  client.entries.keep(meal("小米粥"));
  const lost = () => ({ path: "/entries/sync", hangUp: true, first: ({ body }) => twin.file("wang", body.entries[0]) });
  twin.instead.push(lost(), lost());
  assert.equal((await client.entries.flush()).waiting, 1);
  assert.equal((await client.entries.flush()).results[0].status, "identical");
  assert.equal(twin.entries.size, 1);
});

test("a long time without a network is sent a hundred at a time, in order", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const ids = Array.from({ length: 230 }, (_, number) => client.entries.keep(meal(`第${number}顿`)).id);
  const { results, waiting } = await client.entries.flush();
  assert.deepEqual(idsSent(twin).map((sent) => sent.length), [100, 100, 30]);
  assert.deepEqual(idsSent(twin).flat(), ids);
  assert.deepEqual([results.length, waiting], [230, 0]);
});

test("long notes are sent in smaller parts, below what the server takes", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  for (let number = 0; number < 100; number += 1) client.entries.keep(meal("饭".repeat(2000)));
  await client.entries.flush();
  const sizes = twin.asked("/entries/sync").map((request) => Buffer.byteLength(JSON.stringify(request.body)));
  assert.ok(sizes.length > 1 && sizes.every((size) => size <= 256 * 1024), String(sizes));
  assert.equal(twin.entries.size, 100);
});

test("when the network goes in the middle, what was taken is gone from the phone and the rest waits", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const ids = Array.from({ length: 150 }, (_, number) => client.entries.keep(meal(`第${number}顿`)).id);
  const hangUp = { path: "/entries/sync", hangUp: true };
  twin.extra = { "POST /entries/sync": ({ who, body }) => {
    twin.instead.push({ ...hangUp }, { ...hangUp });
    return { status: 200, body: { results: body.entries.map((draft) => twin.file(who, draft)) } };
  } };
  const { results, waiting, stoppedBy } = await client.entries.flush();
  assert.deepEqual([results.length, waiting], [100, 50]);
  assert.ok(stoppedBy instanceof OfflineError);
  assert.deepEqual(client.entries.kept().map((one) => one.draft.id), ids.slice(100));
});

test("what the server refuses is handed back with its reason, and stays until corrected or dropped", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const high = client.entries.keep({ kind: "glucose", occurred_at, value: 113.6, unit: "mmol/L" });
  const good = client.entries.keep(meal("小米粥"));
  const taken = client.entries.keep(meal("馒头"));
  twin.file("li", meal("别人的", { id: taken.id }));
  const { results, refused, waiting } = await client.entries.flush();
  assert.deepEqual(results.map((result) => result.status), ["invalid", "created", "conflict"]);
  const why = refused.map((one) => [one.draft.id, one.refusal.status]);
  assert.deepEqual(why, [[high.id, "invalid"], [taken.id, "conflict"]]);
  assert.equal(refused[0].refusal.problem.detail, "数值太大。");
  assert.equal(waiting, 0);
  const again = await client.entries.flush();
  assert.deepEqual([again.results, again.refused.length], [[], 2], "a refused entry is not sent again as it is");
  client.entries.keep({ ...high, value: 13.6 });
  client.entries.drop(taken.id);
  assert.deepEqual((await client.entries.flush()).results.map((result) => result.status), ["created"]);
  assert.deepEqual(client.entries.kept(), []);
  assert.ok(twin.entries.has(good.id));
});

test("one entry that spoils a whole request does not hold up the others", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  twin.extra = { "POST /entries/sync": ({ who, body }) => (body.entries.some((draft) => draft.text === "坏")
    ? problem(400, "not_json", "内容读不懂。")
    : { status: 200, body: { results: body.entries.map((draft) => twin.file(who, draft)) } }) };
  for (let number = 0; number < 9; number += 1) client.entries.keep(meal(number === 4 ? "坏" : `第${number}顿`));
  const { refused, waiting, stoppedBy } = await client.entries.flush();
  assert.deepEqual(refused.map((one) => [one.draft.text, one.refusal.problem.code]), [["坏", "not_json"]]);
  assert.deepEqual([twin.entries.size, waiting, stoppedBy], [8, 0, null]);
});

test("an entry changed while it is being sent is sent again as it now stands", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const kept = client.entries.keep(meal("小米粥"));
  twin.instead.push({ path: "/entries/sync", status: 200, body: { results: [{ id: kept.id, status: "created" }] },
    first: () => client.entries.keep({ ...kept, text: "小米粥，一个鸡蛋" }) });
  await client.entries.flush();
  assert.deepEqual(twin.asked("/entries/sync").map((request) => request.body.entries[0].text), ["小米粥", "小米粥，一个鸡蛋"]);
});

test("entries that the server says nothing about stay", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  client.entries.keep(meal("小米粥"));
  twin.instead.push({ path: "/entries/sync", status: 200, body: { results: [] } });
  assert.equal((await client.entries.flush()).waiting, 1);
});

test("a refusal of the whole request keeps the entries and says why", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  client.entries.keep(meal("小米粥"));
  twin.instead.push({ path: "/entries/sync", ...problem(403, "consent_required", "请先同意知情同意书。") });
  const { stoppedBy, waiting } = await client.entries.flush();
  assert.deepEqual([stoppedBy.code, waiting], ["consent_required", 1]);
});

test("two people on one phone never send each other's entries", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin, "wang");
  client.entries.keep(meal("王家的粥"));
  await client.session.end();
  assert.equal((await refusal((async () => client.entries.keep(meal("谁的")))())).code, "unauthenticated");
  await client.session.start({ code: "dev:li" });
  assert.deepEqual(client.entries.kept(), []);
  client.entries.keep(meal("李家的面"));
  await client.entries.flush();
  assert.deepEqual([...twin.entries.values()].map(({ entry }) => [entry.person_id, entry.text]), [["li", "李家的面"]]);
  await client.session.start({ code: "dev:wang" });
  assert.equal((await client.entries.flush()).results.length, 1);
});

test("when somebody else signs in during sending, the rest waits for its owner", async (t) => {
  const twin = await startTwin(t);
  const { client, store } = await signedIn(twin, "wang");
  for (let number = 0; number < 150; number += 1) client.entries.keep(meal(`第${number}顿`));
  twin.extra = { "POST /entries/sync": ({ who, body }) => {
    store.set("tangying.session", twin.sign("li"));
    return { status: 200, body: { results: body.entries.map((draft) => twin.file(who, draft)) } };
  } };
  assert.equal((await client.entries.flush()).waiting, 50);
  assert.equal(twin.entries.size, 100);
});
