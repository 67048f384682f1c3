"use strict";

// Fourteen days of readings become understanding: `node insights.js http://127.0.0.1:PORT`. Too few say so; then figures,
// a doctor's own target, a picture and a page to take along. A classmate gets none of it.

const assert = require("node:assert/strict");

const { createClient } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { refusal } = require("../device");
const { all, arrive, dayOf, instant } = require("./people");

const STARTS_ON = "2026-03-02";
const DAYS = 14;
const bytes = (buffer) => Buffer.from(buffer).toString("utf8");

async function openClass(admin, manager) {
  await admin.dev.setClock(instant(dayOf(STARTS_ON, 0), "20:00"));
  await admin.session.start({ code: "dev:admin" });
  await manager.session.start({ code: "dev:manager" });
  const [hospital] = await all((page) => admin.organisations.page(page));
  const draft = await admin.camps.create({
    organisation_id: hospital.id, template: "standard-28", name: "春季营", starts_on: STARTS_ON, timezone: "Asia/Shanghai",
  });
  await admin.camps.openCamp(draft.id);
  return { hospital, group: await admin.classes.create({ camp_id: draft.id, name: "晨光班", capacity: 30 }) };
}

/** Every day the same breakfast: 6.0 before it and 9.0 after. */
function draftsOfDay(patient, number) {
  const draft = (kind, time, fields) => ({
    id: patient.newId(), kind, occurred_at: instant(dayOf(STARTS_ON, number), time), ...fields });
  const reading = (time, value, slot) => draft("glucose", time, { value, unit: "mmol/L", slot });
  return [reading("07:00", 6.0, "fasting"), reading("09:00", 9.0, "after_breakfast"),
    draft("meal", "07:20", { slot: "breakfast", text: "小米粥一碗" })];
}

/** File these days at the end of the last of them. */
async function liveDays(patient, admin, first, last) {
  await admin.dev.setClock(instant(dayOf(STARTS_ON, last), "21:00"));
  const drafts = [];
  for (let number = first; number <= last; number += 1) drafts.push(...draftsOfDay(patient, number));
  const { results } = await patient.entries.sync(drafts);
  assert.ok(results.every(({ status }) => status === "created"));
}

async function live(baseUrl) {
  const phone = () => createClient({ baseUrl, platform: nodePlatform() });
  const [admin, manager, patient, doctor, classmate] = [phone(), phone(), phone(), phone(), phone()];
  const { hospital, group } = await openClass(admin, manager);
  const id = await arrive(patient, "ming", "小明");
  await patient.enrolments.join({ join_code: group.join_code, board_visible: true, plan: "daily" });
  await arrive(classmate, "hong", "小红");
  await classmate.enrolments.join({ join_code: group.join_code, board_visible: true, plan: "daily" });
  const { person } = await doctor.session.start({ code: "dev:li" });
  await admin.people.grantRole(person.id, {
    role: "doctor", scope_type: "organisation", scope_id: hospital.id, credential: "沪医 0001" });

  await liveDays(patient, admin, 1, 1);
  const early = await patient.insights.me();
  assert.deepEqual([early.readings, early.pairs.mean_delta_mmol_l, early.cv_percent, early.lbgi], [2, 3, null, null]);
  assert.equal(early.reasons.lbgi.code, "not_enough_readings");
  assert.match(early.reasons.lbgi.text, /要 28 次/);

  await liveDays(patient, admin, 2, DAYS);
  await patient.session.start({ code: "dev:ming" });
  await doctor.session.start({ code: "dev:li" });
  const told = await patient.insights.me();
  assert.deepEqual([told.readings, told.mean_mmol_l, told.in_target_percent, told.pairs.n], [28, 7.5, 100, 14]);
  assert.ok(told.lbgi !== null && told.cv_percent !== null && told.ea1c_percent === null);

  await patient.measurements.file({ kind: "hba1c", percent: 6.8, measured_on: STARTS_ON, source: "hospital" });
  const [measured] = (await doctor.measurements.page({ person_id: id })).items;
  assert.deepEqual(measured.values, { percent: 6.8 });
  await doctor.people.setTargets(id, { ranges: { fasting: { from_mmol_l: 4.4, below_mmol_l: 6 } } });
  assert.equal((await refusal(doctor.people.setTargets(id, { limits: { critical_low_below: 2 } }))).code, "limit_loosened");
  const { ranges, set_by: setBy } = await patient.people.targets(id);
  assert.deepEqual([ranges[0].text, ranges[0].source, setBy.credential], ["4.4–5.9 mmol/L（80–107 mg/dL）", "staff", "沪医 0001"]);
  assert.equal((await patient.insights.me()).in_target_percent, 50);

  const picture = bytes(await patient.insights.trend({ view: "modal" }));
  assert.match(picture, /^<svg .*<title.*共 28 次读数/su);
  assert.equal(bytes(await doctor.insights.report({ person_id: id })).slice(0, 5), "%PDF-");

  await classmate.session.start({ code: "dev:hong" });
  const { insights, measurements, people } = classmate;
  const asked = [insights.me({ person_id: id }), insights.trend({ person_id: id }), insights.report({ person_id: id }),
    measurements.page({ person_id: id }), people.targets(id)];
  const refused = await Promise.all(asked.map(refusal));
  assert.deepEqual(refused.map(({ status }) => status), [404, 404, 404, 404, 404]);
  console.log("十四天的读数看懂了");
}

live(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
