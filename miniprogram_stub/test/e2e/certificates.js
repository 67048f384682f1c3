"use strict";

// When the camp is over: papers for who earned them, a check for anybody, a corrected name, a register for the admin.

const assert = require("node:assert/strict");

const { createClient } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { refusal } = require("../device");

const LONGEST_WAIT_MS = 30000;
const BETWEEN_LOOKS_MS = 100;

/** The first bytes of an answer as text. */
const begins = (bytes, length) => Buffer.from(bytes).subarray(0, length).toString("latin1");

/** The one certificate of somebody. */
async function certificateOf({ client }) {
  const { items } = await client.certificates.mine();
  assert.equal(items.length, 1);
  return items[0];
}

/** The export when the clerk has made it: nobody but the clock is asked. */
async function whenMade(client, asked) {
  const end = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const shown = await client.certificates.showExport(asked.id);
    if (shown.status === "done") return shown;
    assert.ok(shown.status !== "failed" && Date.now() < end, `the export is ${shown.status}`);
    await new Promise((resolve) => { setTimeout(resolve, BETWEEN_LOOKS_MS); });
  }
}

/** Certificates as each of them meets them. `levels` holds who earned which. */
async function checkCertificates({ admin, camp, wang, li, chen, baseUrl }, levels) {
  for (const [person, level] of [[wang, levels.wang], [li, levels.li]]) {
    const certificate = await certificateOf(person);
    assert.deepEqual([certificate.level, certificate.complete_days], [level, camp.days]);
    assert.equal(begins(await person.client.certificates.pdf(certificate.id), 5), "%PDF-");
    assert.equal(begins(await person.client.certificates.png(certificate.id), 4), "\x89PNG");
    assert.equal(Buffer.from(await person.client.certificates.token(certificate.id)).toString().split(".").length, 3);
  }
  assert.deepEqual((await chen.client.certificates.mine()).items, [], "who completed no day earned none");

  const old = await certificateOf(wang);
  assert.equal((await refusal(chen.client.certificates.pdf(old.id))).status, 403);
  assert.equal((await refusal(wang.client.certificates.reissue(old.id, { name: "王桂兰" }))).status, 403);
  const corrected = await admin.certificates.reissue(old.id, { name: "王桂兰" });
  const stranger = createClient({ baseUrl, platform: nodePlatform() });
  const found = await stranger.certificates.check(old.number);
  assert.deepEqual([found.status, found.replaced_by], ["replaced", corrected.number]);
  const valid = await stranger.certificates.check(corrected.number);
  assert.deepEqual([valid.status, valid.name, valid.days], ["valid", "王**", camp.days]);
  const { keys } = await stranger.certificates.keys();
  assert.deepEqual(await stranger.certificates.publicKey(valid.kid), keys.find(({ kid }) => kid === valid.kid));

  const of = await certificateOf(li);
  assert.equal((await admin.certificates.revoke(of.id, { reason: "测试撤销" })).status, "revoked");
  assert.equal((await stranger.certificates.check(of.number)).status, "revoked");
  assert.deepEqual(await admin.certificates.issue({ camp_id: camp.id }), { issued: 0, already: 2, left: 0 });

  const asked = await admin.certificates.askExport({ camp_id: camp.id, format: "csv", purpose: "结营仪式" });
  const made = await whenMade(admin, asked);
  assert.deepEqual([made.done, made.total], [3, 3]);
  const register = Buffer.from(await admin.certificates.exportFile(asked.id)).toString();
  assert.ok([old.number, corrected.number, of.number].every((number) => register.includes(number)));
}

module.exports = { checkCertificates };
