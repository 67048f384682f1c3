"use strict";

// A low reading at 03:00 with nobody awake: `node alerts.js http://127.0.0.1:PORT`. The card comes at once, the low that
// nobody rechecks gets worse, and the telling goes from person to person until those on duty are told and their phone
// rings. In the morning the manager writes, and the patient reads it.

const assert = require("node:assert/strict");

const { createClient } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { all, arrive, dayOf, instant } = require("./people");

const STARTS_ON = "2026-03-02";
const NIGHT = dayOf(STARTS_ON, 3);

async function openClass(admin, manager) {
  await admin.dev.setClock(instant(dayOf(STARTS_ON, 0), "20:00"));
  await admin.session.start({ code: "dev:admin" });
  await manager.session.start({ code: "dev:manager" });
  const [hospital] = await all((page) => admin.organisations.page(page));
  const { version } = await admin.organisations.show(hospital.id);
  const { on_duty: onDuty } = await admin.organisations.change(
    hospital.id, { duty_phone: "021-5550100", on_duty: [manager.session.person().id] }, { version });
  assert.deepEqual(onDuty, [manager.session.person().id]);
  const draft = await admin.camps.create({
    organisation_id: hospital.id, template: "standard-28", name: "春季营", starts_on: STARTS_ON, timezone: "Asia/Shanghai",
  });
  await admin.camps.openCamp(draft.id);
  return admin.classes.create({ camp_id: draft.id, name: "晨光班", capacity: 30 });
}

/** The daughter hears of dangers, and of nothing else. */
async function tieDaughter(patient, daughter) {
  const { items } = await patient.consents.documents();
  const family = items.find(({ purpose }) => purpose === "family");
  await patient.consents.give({ document_id: family.id, version: family.version, given_by: "self" });
  const { code } = await patient.people.inviteFamily({});
  await daughter.session.start({ code: "dev:daughter" });
  await daughter.people.joinFamily({ code, relation: "女儿" });
}

async function live(baseUrl) {
  const phone = () => createClient({ baseUrl, platform: nodePlatform() });
  const [admin, manager, patient, daughter] = [phone(), phone(), phone(), phone()];
  const group = await openClass(admin, manager);
  await arrive(patient, "ming", "小明");
  await patient.enrolments.join({ join_code: group.join_code, board_visible: true, plan: "daily" });
  await tieDaughter(patient, daughter);

  /** What is due at that time of the night is done; the alert as the patient then sees it. */
  const at = async (time) => {
    await admin.dev.setClock(instant(NIGHT, time));
    await admin.dev.runDue();
    return (await patient.alerts.page()).items[0];
  };
  const asked = (alert, step) => alert.told.filter((one) => one.step === step);

  await admin.dev.setClock(instant(NIGHT, "03:00"));
  const { advice } = await patient.entries.file({
    id: patient.newId(), kind: "glucose", occurred_at: instant(NIGHT, "03:00"), value: 3.5, unit: "mmol/L" });
  assert.equal(advice.level, "low");
  let alert = await at("03:01");
  assert.deepEqual([alert.level, alert.told], ["low", []]);

  alert = await at("03:15");
  assert.equal(asked(alert, "patient").length, 1, "the patient is asked to measure again");
  alert = await at("03:20");
  assert.equal(alert.level, "critical_low", "nobody measured: one step worse");
  assert.deepEqual(asked(alert, "family").map(({ state }) => state), ["delivered"]);
  assert.deepEqual(asked(alert, "manager").map(({ state }) => state), ["delivered"]);
  assert.equal((await daughter.alerts.page()).items[0].id, alert.id);

  alert = await at("03:35");
  alert = await at("03:50");
  assert.ok(asked(alert, "duty").some(({ how, state }) => how === "duty_phone" && state === "delivered"), "the phone rings");
  assert.equal(asked(alert, "duty")[0].who, manager.session.person().id, "the list goes before the phone");
  const taken = await manager.alerts.acknowledge(alert.id, { note: "已打通电话，家人在身边" });
  assert.equal(taken.acknowledged.by, manager.session.person().id);

  await admin.dev.setClock(instant(NIGHT, "04:00"));
  await patient.entries.file({
    id: patient.newId(), kind: "glucose", occurred_at: instant(NIGHT, "04:00"), value: 5.2, unit: "mmol/L" });
  alert = (await patient.alerts.page()).items[0];
  assert.equal(alert.closed_why, "recovered");
  const { cards } = await patient.alerts.cards();
  assert.ok(cards.some(({ level }) => level === "critical_low"));

  await admin.dev.setClock(instant(NIGHT, "09:00"));
  const sent = await manager.people.sendMessage(
    patient.session.person().id, { severity: "critical", subject: "夜里的低血糖", body: "今天请来门诊，我们一起看看原因。" });
  assert.deepEqual(sent.told.map(({ as, how }) => [as, how]), [["patient", "app"], ["family", "app"]]);
  await admin.dev.runDue();
  const [kept] = (await patient.people.keptMessages()).items;
  assert.deepEqual([kept.person_id === sent.person, kept.subject, kept.read_at], [true, "夜里的低血糖", null]);
  assert.equal((await daughter.people.keptMessages()).items[0].as, "family");
  const [letter] = (await manager.people.sentMessages(patient.session.person().id)).items;
  assert.deepEqual(letter.told.map(({ state, read_at: readAt }) => [state, readAt !== null]),
    [["delivered", true], ["delivered", true]]);
  console.log("凌晨三点的低血糖，有人接住了。");
}

live(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
