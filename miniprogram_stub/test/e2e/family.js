"use strict";

// An elder without WeChat, the son who cares for them and a daughter far away: `node family.js http://127.0.0.1:PORT`.
// What the daughter sees is what was chosen for her, from one request to the next.

const assert = require("node:assert/strict");

const { createClient } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { all, dayOf, instant, weChatPhone } = require("./people");

const STARTS_ON = "2026-03-02";

/** What somebody is refused with. */
async function refused(asking) {
  try {
    await asking;
  } catch (error) {
    return error.code;
  }
  return "nothing";
}

/** A class that is open. */
async function openClass(admin) {
  await admin.dev.setClock(instant(dayOf(STARTS_ON, 0), "20:00"));
  await admin.session.start({ code: "dev:admin" });
  const [hospital] = await all((page) => admin.organisations.page(page));
  const draft = await admin.camps.create({
    organisation_id: hospital.id, template: "standard-28", name: "春季营", starts_on: STARTS_ON, timezone: "Asia/Shanghai",
  });
  await admin.camps.openCamp(draft.id);
  return admin.classes.create({ camp_id: draft.id, name: "晨光班", capacity: 30 });
}

/** The elder's record, consents and place in the class, all by the son. */
async function bringIn(son, group) {
  await son.session.start({ code: "dev:son" });
  const elder = await son.people.createDependant(
    { full_name: "陈桂兰", birth_on: "1944-05-01", relation: "母亲", basis: "carer" });
  const { items } = await son.consents.documents();
  for (const { id, version } of items.filter(({ purpose }) => ["care", "family"].includes(purpose))) {
    await son.consents.give(
      { document_id: id, version, given_by: "guardian", guardian_name: "陈建国", person_id: elder.id });
  }
  await son.enrolments.join({ join_code: group.join_code, board_visible: false, plan: "daily", person_id: elder.id });
  return elder;
}

async function live(baseUrl) {
  const admin = createClient({ baseUrl, platform: nodePlatform() });
  const son = weChatPhone(baseUrl).start();
  const daughter = weChatPhone(baseUrl).start();
  const elder = await bringIn(son, await openClass(admin));
  const { code } = await son.people.inviteFamily({ person_id: elder.id });
  await daughter.session.start({ code: "dev:daughter" });
  const tie = await daughter.people.joinFamily({ code, relation: "女儿" });
  assert.deepEqual([tie.person_id, tie.sees, tie.may_file], [elder.id, ["danger"], false]);

  await admin.dev.setClock(instant(dayOf(STARTS_ON, 1), "07:00"));
  const reading = { kind: "glucose", occurred_at: instant(dayOf(STARTS_ON, 1), "06:50"), unit: "mmol/L", person_id: elder.id };
  const filed = await son.entries.file({ id: son.newId(), ...reading, value: 2.8 });
  assert.equal(filed.advice.level, "critical_low");
  const first = await daughter.people.shared(elder.id);
  assert.deepEqual(first.dangers.map(({ level }) => level), ["critical_low"]);
  assert.deepEqual([first.readings, first.progress], [null, null]);
  assert.equal(await refused(daughter.entries.file({ id: daughter.newId(), ...reading, value: 6.1 })), "forbidden");

  const wider = await son.people.changeFamily(
    tie.id, { sees: ["danger", "progress", "readings"], may_file: true }, { version: tie.version });
  assert.equal(wider.version, 2);
  await daughter.entries.file({ id: daughter.newId(), ...reading, value: 5.2 });
  const second = await daughter.people.shared(elder.id);
  assert.deepEqual(second.readings.map(({ value }) => value).sort(), [2.8, 5.2]);
  assert.equal(second.progress.today.done.glucose, 2);
  const cheers = [];
  for (const words of ["妈妈真棒", "再鼓一次"]) cheers.push(await daughter.people.cheer(elder.id, { words }));
  assert.deepEqual(cheers.map(({ counts, days_cheered: days }) => [counts, days]), [[true, 1], [false, 1]]);
  const given = await all((page) => son.people.cheers({ ...page, person_id: elder.id }));
  assert.deepEqual(given.map(({ words }) => words), ["妈妈真棒"]);

  const ties = await all((page) => son.people.family({ ...page, person_id: elder.id }));
  assert.deepEqual(ties.map(({ id }) => id), [tie.id]);
  await son.people.endFamily(tie.id);
  assert.equal(await refused(daughter.people.shared(elder.id)), "not_found");
  assert.equal(await refused(daughter.entries.file({ id: daughter.newId(), ...reading, value: 6.1 })), "not_found");
}

live(process.argv[2]).then(
  () => process.stdout.write("女儿看到的，就是家里选给她的。\n"),
  (error) => {
    process.stderr.write(`${error.stack}\n${JSON.stringify(error.errors || {})}\n`);
    process.exitCode = 1;
  },
);
