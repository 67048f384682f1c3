"use strict";

// What the points of a camp become: a gift sent, one called off, praise before the class, a purchase confirmed.

const assert = require("node:assert/strict");

const { refusal } = require("../device");
const { twice } = require("./people");

// A white square stands for the photo of a receipt.
const RECEIPT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAGUlEQVR4nGP8//8/AymAiSTVoxpGNQwpDQBVbQMdPVIhQwAAAABJRU5ErkJggg==",
  "base64");

/** The balance and what is held of it. */
const purse = async ({ client }) => {
  const { balance, held } = await client.points.me();
  return [balance, held];
};

/** A gift: held once for two taps, sent once. */
async function redeemed({ admin, wang }, hospital) {
  const [before] = await purse(wang);
  const reward = await admin.rewards.create({ name: "保温杯", points: 300, stock: 2, audience: "patient" });
  const idempotencyKey = wang.client.newId();
  const taps = await twice(() => wang.client.rewards.redeem(reward.id, { address: "上海市长乐路 1 号" }, { idempotencyKey }));
  assert.equal(taps[0].id, taps[1].id, "two taps are one redemption");
  assert.deepEqual(await purse(wang), [before, 300]);
  const { items } = await admin.rewards.redemptions({ organisation_id: hospital, status: "held" });
  assert.deepEqual(items.map(({ id, address }) => [id, address]), [[taps[0].id, "上海市长乐路 1 号"]]);
  const settled = await admin.rewards.settle(taps[0].id, { courier: "顺丰 SF1" });
  assert.deepEqual([settled.status, settled.courier], ["settled", "顺丰 SF1"]);
  assert.equal((await refusal(admin.rewards.settle(taps[0].id))).code, "redemption_not_held");
  assert.deepEqual(await purse(wang), [before - 300, 0]);

  const second = await wang.client.rewards.redeem(reward.id);
  assert.equal((await refusal(wang.client.rewards.redeem(reward.id))).code, "out_of_stock");
  assert.equal((await wang.client.rewards.release(second.id)).status, "released");
  assert.deepEqual(await purse(wang), [before - 300, 0]);
  await admin.rewards.change(reward.id, { closed: true });
  assert.deepEqual((await wang.client.rewards.page()).items, []);
}

/** Praise: with the patient's consent, and gone with it. */
async function praised({ admin, wang, chen, group }) {
  const draft = { enrolment_id: wang.enrolment.id, words: "二十八天没有落下一天，真棒！" };
  assert.equal((await refusal(admin.rewards.postSpotlight(draft))).code, "story_consent_required");
  const { items: documents } = await wang.client.consents.documents();
  const story = documents.find(({ purpose }) => purpose === "public_story");
  const consent = await wang.client.consents.give({ document_id: story.id, version: story.version, given_by: "self" });
  const posted = await admin.rewards.postSpotlight(draft);
  const seen = async () => (await chen.client.rewards.spotlights({ class_id: group.id })).items.map(({ words }) => words);
  assert.deepEqual(await seen(), [], "nobody is praised before having read it");
  assert.equal((await wang.client.rewards.approveSpotlight(posted.id)).shown, true);
  assert.deepEqual(await seen(), [draft.words]);
  await wang.client.consents.withdraw(consent.id);
  assert.deepEqual(await seen(), []);
  await admin.rewards.removeSpotlight(posted.id);
}

/** A purchase: uploaded with its receipt, once; confirmed by a person, paid once. */
async function bought({ admin, li, camp }, hospital) {
  const [before] = await purse(li);
  const receipt = await li.client.photos.add(RECEIPT);
  const draft = { sku: "strips-50", quantity: 1, bought_on: camp.ends_on, where: "大药房", receipt_photo_id: receipt.id };
  const purchase = await li.client.purchases.add(draft);
  assert.equal((await refusal(li.client.purchases.add(draft))).code, "already_exists");
  const { items } = await admin.purchases.page({ organisation_id: hospital, status: "waiting" });
  assert.deepEqual(items.map(({ id }) => id), [purchase.id]);
  assert.ok((await admin.photos.show(receipt.id)).byteLength > 100, "who decides sees the receipt");
  const confirmed = await admin.purchases.confirm(purchase.id, { strips: 50 });
  assert.equal(confirmed.points, camp.rules.points.purchase.each);
  assert.deepEqual(await purse(li), [before + confirmed.points, 0]);
  assert.equal((await refusal(admin.purchases.refuse(purchase.id, { reason: "重复" }))).code, "purchase_decided");
}

/** Rewards, praise and purchases when the camp is over. */
async function checkRewards(camp) {
  const hospital = camp.camp.organisation_id;
  await redeemed(camp, hospital);
  await praised(camp);
  await bought(camp, hospital);
}

module.exports = { checkRewards };
