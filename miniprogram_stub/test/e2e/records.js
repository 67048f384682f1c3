"use strict";

// Meals in one's own words, exercise, a meter's file and FHIR: `node records.js http://127.0.0.1:PORT`. What was eaten
// tells its carbohydrate, a file is tried, filed and filed again, and a record goes out and comes back.

const assert = require("node:assert/strict");

const { createClient } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { refusal } = require("../device");
const { arrive, dayOf, instant } = require("./people");

const STARTS_ON = "2026-03-02";

async function live(baseUrl) {
  const phone = () => createClient({ baseUrl, platform: nodePlatform() });
  const [admin, patient, stranger] = [phone(), phone(), phone()];
  const today = dayOf(STARTS_ON, 0);
  await admin.dev.setClock(instant(today, "20:00"));
  const id = await arrive(patient, "ming", "小明");
  await arrive(stranger, "hong", "小红");

  const file = (fields) => patient.entries.file({ occurred_at: instant(today, "19:00"), ...fields });
  const meal = await file({ kind: "meal", slot: "dinner", text: "米饭100g 青菜一盘 面条100g" });
  assert.equal(meal.entry.carbohydrate_certainty, "low");
  assert.equal(meal.entry.asks.length, 1);
  const walk = await file({ kind: "exercise", activity: "快走", minutes: 30, intensity: "medium" });
  assert.equal(walk.entry.weight_assumed, true);
  await patient.measurements.file({ kind: "weight", weight_kg: 60, measured_on: today, source: "home" });
  assert.equal((await patient.entries.show(walk.entry.id)).energy_kcal, 129);

  const csv = Buffer.from(`日期,时间,结果,单位,用餐标记\n${today},06:30,6.1,mmol/L,空腹\n${today},12:30,HI,mmol/L,\n${today},13:00,质控,mmol/L,\n`);
  const tried = await patient.entries.importFile(csv, { dry_run: "true" });
  assert.deepEqual([tried.new, tried.skipped, tried.created], [2, 1, 0]);
  const filed = await patient.entries.importFile(csv);
  assert.deepEqual([filed.created, filed.skipped, filed.advice.call_120], [2, 1, true]);
  const again = await patient.entries.importFile(csv);
  assert.deepEqual([again.created, again.identical], [0, 2]);
  assert.ok(["not_found", "forbidden"].includes((await refusal(stranger.entries.importFile(csv, { person_id: id }))).code));

  const bundle = await patient.entries.exportFhir();
  assert.equal(bundle.resourceType, "Bundle");
  const back = await patient.entries.takeFhir(bundle);
  assert.deepEqual([back.created, back.identical], [0, 3]);
  console.log("记下了");
}

live(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
