"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { createClient } = require("../client");
const { wxPlatform } = require("../client/wx");
const { fakeWx, refusal } = require("./device");
const { PICTURE, problem, startTwin } = require("./twin");

async function phone(t) {
  const twin = await startTwin(t);
  const wx = fakeWx();
  const client = createClient({ baseUrl: twin.url, platform: wxPlatform(wx) });
  await client.session.start({ code: "dev:wang" });
  return { twin, wx, client };
}

test("wx calls success for a refusal, and the client still refuses", async (t) => {
  const { twin, client } = await phone(t);
  twin.instead.push({ path: "/people/me", ...problem(403, "consent_required", "请先同意知情同意书。") });
  const error = await refusal(client.people.me());
  assert.deepEqual([error.status, error.code, error.message], [403, "consent_required", "请先同意知情同意书。"]);
});

test("an expired token is renewed on a phone as anywhere", async (t) => {
  const { twin, client } = await phone(t);
  twin.expireTokens();
  await Promise.all([client.people.me(), client.people.me()]);
  assert.equal(twin.asked("/session/refresh").length, 1);
});

test("wx knows no PATCH, so a change travels as a POST that says what it is", async (t) => {
  const { twin, client } = await phone(t);
  assert.equal((await client.people.change({ nickname: "阿王" })).nickname, "阿王");
  assert.deepEqual([twin.asked("/people/me")[0].sentAs, twin.asked("/people/me")[0].method], ["POST", "PATCH"]);
});

test("an answer without a body, and a picture, and a refused picture", async (t) => {
  const { twin, client } = await phone(t);
  assert.deepEqual(Buffer.from(await client.classes.joinQr("k1")), PICTURE);
  twin.instead.push({ path: "/classes/k1/join-qr.png", ...problem(404, "not_found", "没有找到这个班。") });
  assert.equal((await refusal(client.classes.joinQr("k1"))).message, "没有找到这个班。");
  await client.session.end();
  assert.equal(client.session.person(), null);
});

test("no network and a silent server are told apart", async (t) => {
  const { twin, client } = await phone(t);
  twin.instead.push({ path: "/camps", silent: true });
  assert.equal((await refusal(client.camps.create({ name: "春" }, { timeoutMs: 50 }))).reason, "timeout");
  await twin.stop();
  assert.equal((await refusal(client.people.me())).reason, "network");
  await twin.start();
});

test("entries kept in WeChat's storage are there after a restart", async (t) => {
  const { twin, wx, client } = await phone(t);
  const kept = client.entries.keep({ kind: "meal", occurred_at: "2026-03-02T07:00:00+08:00", text: "小米粥" });
  const restarted = createClient({ baseUrl: twin.url, platform: wxPlatform(wx) });
  assert.equal((await restarted.entries.flush()).results[0].id, kept.id);
  assert.deepEqual(restarted.entries.kept(), []);
});

test("ids made on a phone are UUIDs and unlike each other", () => {
  const { newId } = wxPlatform(fakeWx());
  const ids = Array.from({ length: 1000 }, newId);
  assert.ok(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)));
  assert.equal(new Set(ids).size, 1000);
});
