"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { createClient, ProblemError, OfflineError } = require("../client");
const { memoryStore, nodePlatform } = require("../client/node");
const { patientPlatform, refusal, signedIn } = require("./device");
const { PICTURE, problem, startTwin } = require("./twin");

const busy = (path, seconds = "2") =>
  ({ path, ...problem(503, "database_away", "稍等。", { headers: { "Retry-After": seconds } }) });

test("ten requests that find their token too old share one renewal", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  twin.expireTokens();
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.people.me()));
  assert.ok(answers.every((answer) => answer.id === "wang"));
  assert.equal(twin.asked("/session/refresh").length, 1);
  assert.equal(twin.asked("/people/me").length, 20);
});

test("a refusal that arrives after the renewal uses the new token instead of renewing again", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  twin.instead.push({ path: "/people/me", ...problem(401, "token_expired", "登录过期了。"),
    first: () => client.session.refresh() });
  assert.equal((await client.people.me()).id, "wang");
  assert.equal(twin.asked("/session/refresh").length, 1);
});

test("a request is repeated once with new tokens, and then believed", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const no = { path: "/people/me", ...problem(401, "unauthenticated", "请先登录。") };
  twin.instead.push({ ...no }, { ...no });
  assert.equal((await refusal(client.people.me())).status, 401);
  assert.equal(twin.asked("/people/me").length, 2);
});

test("a refresh token used elsewhere signs this device out", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  twin.expireTokens();
  twin.refreshTokens.clear();
  const error = await refusal(client.people.me());
  assert.equal(error.code, "token_reused");
  assert.equal(client.session.person(), null);
});

test("a renewal that meets no network signs nobody out", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  twin.expireTokens();
  twin.instead.push({ path: "/session/refresh", hangUp: true });
  assert.ok((await refusal(client.people.me())) instanceof OfflineError);
  assert.equal(twin.asked("/session/refresh").length, 1, "a refresh token is never sent twice by itself");
  assert.equal(client.session.person().id, "wang");
  assert.equal((await client.people.me()).id, "wang");
});

test("a request of one person is never repeated in the name of the next", async (t) => {
  const twin = await startTwin(t);
  const { client, store } = await signedIn(twin, "wang");
  twin.instead.push({ path: "/people/me", ...problem(401, "token_expired", "登录过期了。"),
    first: () => store.set("tangying.session", twin.sign("li")) });
  assert.equal((await refusal(client.people.me())).status, 401);
  assert.equal(twin.asked("/people/me").length, 1);
});

test("signing out forgets the tokens even where there is no network", async (t) => {
  const twin = await startTwin(t);
  const { client, store } = await signedIn(twin);
  twin.instead.push({ path: "/session", hangUp: true }, { path: "/session", hangUp: true });
  assert.ok((await refusal(client.session.end())) instanceof OfflineError);
  assert.equal(store.get("tangying.session"), undefined);
});

test("a busy server is asked again after the time it names", async (t) => {
  const twin = await startTwin(t);
  const { client, platform } = await signedIn(twin);
  twin.instead.push(busy("/people/me", "2"), { ...busy("/people/me", "7"), status: 429 });
  assert.equal((await client.people.me()).id, "wang");
  assert.equal(platform.waits.length, 2);
  assert.ok(platform.waits[0] >= 2000 && platform.waits[0] <= 3000);
  assert.ok(platform.waits[1] >= 7000 && platform.waits[1] <= 10500);
});

test("Retry-After may be a date, may be missing, and may be too far off to wait for", async (t) => {
  const twin = await startTwin(t);
  const { client, platform } = await signedIn(twin);
  twin.instead.push(busy("/people/me", new Date(Date.now() - 60000).toUTCString()));
  await client.people.me();
  assert.deepEqual(platform.waits.splice(0), [0]);
  twin.instead.push({ path: "/people/me", ...problem(503, "database_away", "稍等。") });
  await client.people.me();
  assert.ok(platform.waits.splice(0)[0] >= 1000);
  twin.instead.push(busy("/people/me", "3600"));
  assert.equal((await refusal(client.people.me())).status, 503);
  assert.deepEqual(platform.waits, []);
});

test("patience ends", async (t) => {
  const twin = await startTwin(t);
  const { client, platform } = await signedIn(twin);
  for (let i = 0; i < 9; i += 1) twin.instead.push(busy("/people/me"));
  assert.equal((await refusal(client.people.me())).code, "database_away");
  assert.equal(platform.waits.length, 3);
});

test("a creating POST keeps its key however often it is sent", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const expired = { path: "/camps", ...problem(401, "token_expired", "登录过期了。") };
  twin.instead.push(busy("/camps"), { path: "/camps", hangUp: true }, expired);
  await client.camps.create({ name: "春" });
  const keys = twin.asked("/camps").map((request) => request.headers["idempotency-key"]);
  assert.equal(keys.length, 4);
  assert.equal(new Set(keys).size, 1);
  assert.match(keys[0], /^[0-9a-f-]{36}$/);
  await client.camps.create({ name: "夏" }, { idempotencyKey: "kept-by-the-page" });
  assert.equal(twin.asked("/camps")[4].headers["idempotency-key"], "kept-by-the-page");
});

test("what cannot be repeated safely is not repeated", async (t) => {
  const twin = await startTwin(t);
  const { client, platform } = await signedIn(twin);
  twin.instead.push(busy("/camps/c1/open"), busy("/people/me"), busy("/session"));
  assert.equal((await refusal(client.camps.openCamp("c1"))).status, 503);
  assert.equal((await refusal(client.people.change({ nickname: "阿王" }))).status, 503);
  assert.equal((await refusal(client.session.start({ code: "once" }))).status, 503);
  twin.instead.push({ path: "/camps/c1/open", hangUp: true });
  assert.equal((await refusal(client.camps.openCamp("c1"))).reason, "network");
  assert.deepEqual(platform.waits, []);
  assert.equal(twin.asked("/camps/c1/open").length, 2);
  assert.equal(twin.asked("/camps/c1/open")[0].headers["idempotency-key"], undefined);
});

test("an entry keeps its id however often it is sent", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  twin.instead.push(busy("/entries"), { path: "/entries", hangUp: true });
  await client.entries.file({ kind: "meal", occurred_at: "2026-03-02T07:00:00+08:00", text: "小米粥" });
  const ids = twin.asked("/entries").map((request) => request.body.id);
  assert.equal(ids.length, 3);
  assert.equal(new Set(ids).size, 1);
  assert.equal(twin.entries.size, 1);
});

test("a refusal carries everything the problem says, the danger card too", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const advice = { level: "critical_low", title: "血糖太低", steps: ["马上吃糖"], call_120: false };
  twin.instead.push({ path: "/entries", ...problem(422, "invalid", "请检查填写的内容。",
    { body: { errors: { slot: ["没有这个时段"] }, advice } }) });
  const error = await refusal(client.entries.file({ kind: "glucose", value: 2.5 }));
  assert.ok(error instanceof ProblemError);
  assert.deepEqual([error.status, error.code, error.message, error.requestId], [422, "invalid", "请检查填写的内容。", "r-1"]);
  assert.deepEqual(error.errors, { slot: ["没有这个时段"] });
  assert.deepEqual(error.advice, advice);
});

test("a page that is not the server's is never taken for an answer", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  const html = { headers: { "Content-Type": "text/html" }, body: "<html>酒店上网请登录</html>" };
  twin.instead.push({ path: "/entries/sync", status: 200, ...html });
  assert.equal((await refusal(client.entries.sync([]))).reason, "not_ours");
  twin.instead.push({ path: "/classes/k1/join-qr.png", status: 200, ...html });
  assert.equal((await refusal(client.classes.joinQr("k1"))).reason, "not_ours");
  twin.instead.push({ path: "/people/me", status: 502, ...html });
  assert.equal((await refusal(client.people.me())).code, "http_502");
  twin.expireTokens();
  twin.instead.push({ path: "/session/refresh", status: 401, ...html });
  await refusal(client.people.me());
  assert.equal(client.session.person().id, "wang");
});

test("a server that stays silent is a timeout, and is not asked again", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  twin.instead.push({ path: "/camps", silent: true });
  const error = await refusal(client.camps.create({ name: "春" }, { timeoutMs: 50 }));
  assert.equal(error.reason, "timeout");
  assert.equal(twin.asked("/camps").length, 1);
});

test("nobody listening is offline", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  await twin.stop();
  assert.ok((await refusal(client.people.me())) instanceof OfflineError);
  await twin.start();
  assert.equal((await client.people.me()).id, "wang");
});

test("queries and ids are written so that nothing in them is lost or taken for something else", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  await refusal(client.people.find({ q: "王 & 李?", limit: undefined, after: null }));
  const asked = twin.requests[twin.requests.length - 1];
  assert.deepEqual([...asked.query], [["q", "王 & 李?"]]);
  await refusal(client.camps.show("../people/me"));
  assert.equal(twin.requests[twin.requests.length - 1].path, "/camps/..%2Fpeople%2Fme");
  assert.ok((await refusal(client.camps.show(""))) instanceof TypeError);
});

test("the version seen goes along as If-Match", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  await client.people.change({ nickname: "阿王" }, { version: 3 });
  assert.equal(twin.asked("/people/me")[0].headers["if-match"], '"3.0"');
});

test("a picture comes as bytes", async (t) => {
  const twin = await startTwin(t);
  const { client } = await signedIn(twin);
  assert.deepEqual(Buffer.from(await client.classes.joinQr("k1")), PICTURE);
});

test("the address may be written with or without the end of its path", async (t) => {
  const twin = await startTwin(t);
  for (const baseUrl of [twin.url, `${twin.url}/`, `${twin.url}/api/v1`, `${twin.url}/api/v1/`]) {
    const client = createClient({ baseUrl, platform: nodePlatform() });
    assert.equal((await client.session.start({ code: "dev:wang" })).person.id, "wang");
  }
});
