"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { createClient, operations } = require("../client");
const { memoryStore, nodePlatform } = require("../client/node");

const person = { id: "wang", nickname: "wang", roles: [] };

/** A client that reaches nobody and writes down what it would have asked. */
function recording() {
  const asked = [];
  const request = async ({ method, url, headers, body, picture }) => {
    asked.push({ method, path: new URL(url).pathname.replace("/api/v1", ""), headers, body });
    const answer = { access_token: "a2", refresh_token: "r2", person, results: [] };
    return picture ? { status: 200, headers: { "content-type": "image/png" }, text: "", bytes: new ArrayBuffer(1) }
      : { status: 200, headers: { "content-type": "application/json" }, text: JSON.stringify(answer) };
  };
  const store = memoryStore();
  store.set("tangying.session", { access_token: "a1", refresh_token: "r1", expires_in: 900, person });
  const platform = { ...nodePlatform({ store }), request };
  return { asked, client: createClient({ baseUrl: "http://camp.test", platform }) };
}

for (const { word, verb, method, path } of operations) {
  test(`${word}.${verb} asks ${method} ${path}`, async () => {
    const { asked, client } = recording();
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const body = { code: "c", kind: "meal", now: null };
    const ids = names.map((name) => `the-${name}`);
    await client[word][verb](...ids, ...(verb === "sync" ? [[body]] : [body]));
    const expected = names.reduce((whole, name) => whole.replace(`{${name}}`, `the-${name}`), path);
    assert.deepEqual(asked.map((one) => [one.method, one.path]), [[method, expected]]);
  });
}

test("every method of the client is an operation, or known to ask nobody", () => {
  const { client } = recording();
  const known = new Set(operations.map(({ word, verb }) => `${word}.${verb}`));
  const own = Object.entries(client).filter(([, methods]) => typeof methods === "object")
    .flatMap(([word, methods]) => Object.keys(methods).map((verb) => `${word}.${verb}`))
    .filter((name) => !known.has(name));
  assert.deepEqual(own.sort(), ["entries.drop", "entries.flush", "entries.keep", "entries.kept", "session.person"]);
});

test("what anybody may ask carries no token, everything else does", async () => {
  const { asked, client } = recording();
  await client.classes.byCode("ABC");
  await client.dev.setClock(null);
  await client.session.start({ code: "dev:wang" });
  await client.people.me();
  assert.deepEqual(asked.map((one) => one.headers.Authorization), [undefined, undefined, undefined, "Bearer a2"]);
});
