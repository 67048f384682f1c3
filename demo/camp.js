"use strict";

// A camp made ready: opened by the admin, two classes, forty people who sign in, consent and join by code.

const { createClient } = require("../miniprogram_stub/client");
const { nodePlatform } = require("../miniprogram_stub/client/node");
const { TIMEZONE, dayOf, instant, patients } = require("./records");

const ORGANISATION = "示范医院";
const CAMP_NAME = "示范医院二十八天糖友营";
const STARTS_ON = "2026-03-02"; // A Monday, so that camp weeks and the weeks of the boards are the same.
const CLASS_NAMES = ["晨光班", "晚晴班"];
const SEATS = 20;
// Few at a time: this is forty phones, not a load test, and the server may be a small machine.
const AT_ONCE = 4;

/** Results in order of the items, a few asked for at once. */
async function each(items, ask) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const place = next;
      next += 1;
      results[place] = await ask(items[place], place);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

/** Everything behind a paged list, however many pages; `ask` gets {limit, after}. */
async function all(ask) {
  const items = [];
  let after;
  do {
    const page = await ask({ limit: 100, after });
    items.push(...page.items);
    after = page.next || undefined;
  } while (after);
  return items;
}

/** A device of its own, signed in with a development code. */
async function signIn(baseUrl, code) {
  const client = createClient({ baseUrl, platform: nodePlatform() });
  await client.session.start({ code });
  return client;
}

/**
 * What a patient's request answers. After some days away the tokens have run out and the mini-program signs in again by
 * itself; so does this.
 */
async function asPatient(patient, ask) {
  try {
    return await ask(patient.client);
  } catch (error) {
    if (error.status !== 401) throw error;
    await patient.client.session.start({ code: patient.loginCode });
    return ask(patient.client);
  }
}

/** The camp, enrolling, and its two classes with their join codes. The clock stands on the morning before day 1. */
async function openCamp(baseUrl) {
  const nobody = createClient({ baseUrl, platform: nodePlatform() });
  await nobody.dev.setClock(instant(dayOf(STARTS_ON, 0), "09:00"));
  const admin = await signIn(baseUrl, "dev:admin");
  const organisations = await all((page) => admin.organisations.page(page));
  const organisation = organisations.find(({ name }) => name === ORGANISATION);
  if (!organisation) throw new Error(`这台服务器上没有「${ORGANISATION}」，它不是以开发方式新启动的。`);
  const draft = await admin.camps.create({
    organisation_id: organisation.id,
    template: "standard-28",
    name: CAMP_NAME,
    starts_on: STARTS_ON,
    timezone: TIMEZONE,
  });
  const camp = await admin.camps.openCamp(draft.id);
  const classes = [];
  for (const name of CLASS_NAMES) {
    classes.push(await admin.classes.create({ camp_id: camp.id, name, capacity: SEATS }));
  }
  return { admin, camp, classes };
}

/** Consents as a patient gives them: care, without which nothing is filed, and the board for who wants to be seen. */
async function giveConsents(client, boardVisible) {
  const documents = await all((page) => client.consents.documents(page));
  const wanted = documents.filter(({ purpose }) => purpose === "care" || (purpose === "board" && boardVisible));
  for (const { id, version } of wanted) {
    await client.consents.give({ document_id: id, version, given_by: "self" });
  }
}

/** One patient with a device, a nickname, consents and a seat. */
async function join(baseUrl, patient, joinCode) {
  const client = await signIn(baseUrl, patient.loginCode);
  await client.people.change({ nickname: patient.nickname });
  await giveConsents(client, patient.boardVisible);
  const enrolment = await client.enrolments.join({
    join_code: joinCode, plan: "daily", board_visible: patient.boardVisible,
  });
  return { ...patient, client, enrolment };
}

/** The whole camp, ready for its first day: {admin, camp, classes: [class with `patients`], patients}. */
async function makeCamp(baseUrl) {
  const { admin, camp, classes } = await openCamp(baseUrl);
  const joined = await each(patients(), (patient, place) =>
    join(baseUrl, patient, classes[Math.floor(place / SEATS)].join_code));
  const seated = classes.map((one, place) => ({ ...one, patients: joined.slice(place * SEATS, (place + 1) * SEATS) }));
  return { admin, camp, classes: seated, patients: joined };
}

module.exports = { makeCamp, asPatient, each, all };
