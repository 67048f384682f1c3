"use strict";

// Three phones and what is done on them: signing in, agreeing, joining, and every tap twice.

const { createClient } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { wxPlatform } = require("../../client/wx");
const { fakeWx } = require("../device");

const MILLISECONDS_PER_DAY = 86400000;

/** The date of a camp day, YYYY-MM-DD; day 1 is the start. */
function dayOf(startsOn, number) {
  const start = Date.parse(`${startsOn}T00:00:00Z`);
  return new Date(start + (number - 1) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** The instant of a camp-local date and time; China keeps one offset all year round. */
const instant = (day, time) => `${day}T${time}:00+08:00`;

/** A phone with WeChat on it; `signal.lost` makes every request fail as wx.request fails without a network. */
function weChatPhone(baseUrl) {
  const wx = fakeWx();
  const signal = { lost: false, failures: 0 };
  const request = (parts) => {
    if (!signal.lost) return wx.request(parts);
    signal.failures += 1;
    return parts.fail({ errMsg: "request:fail " });
  };
  /** The mini-program started anew: all it knows is what it stored. */
  const start = () => createClient({ baseUrl, platform: wxPlatform({ ...wx, request }) });
  return { start, signal };
}

/** A client in Node that keeps the text of every answer it was given. */
function overheardClient(baseUrl) {
  const platform = nodePlatform();
  const heard = [];
  const request = async (message) => {
    const answer = await platform.request(message);
    heard.push({ url: message.url, status: answer.status, text: answer.text });
    return answer;
  };
  return { client: createClient({ baseUrl, platform: { ...platform, request } }), heard };
}

/** What both taps of a finger answer: the same request in the same moment. */
const twice = (ask) => Promise.all([ask(), ask()]);

/** Somebody signed in under a nickname, who agreed to care; the second tap agrees to nothing new. */
async function arrive(client, name, nickname) {
  await client.session.start({ code: `dev:${name}` });
  const { version } = await client.people.me();
  await client.people.change({ nickname }, { version });
  const { items } = await client.consents.documents();
  const care = items.find(({ purpose }) => purpose === "care");
  const idempotencyKey = client.newId();
  const agreed = { document_id: care.id, version: care.version, given_by: "self" };
  await twice(() => client.consents.give(agreed, { idempotencyKey }));
  return client.session.person().id;
}

/** What one day asks, as drafts with ids; the glucose value is the person's own to recognise it by. */
function draftsOf(client, day, glucose) {
  const draft = (kind, time, fields) => ({ id: client.newId(), kind, occurred_at: instant(day, time), ...fields });
  return [
    draft("glucose", "06:50", { value: glucose, unit: "mmol/L", slot: "fasting" }),
    draft("meal", "12:10", { slot: "lunch", text: "糙米饭一小碗，清蒸鱼" }),
    draft("exercise", "17:30", { activity: "快走", minutes: 30, intensity: "medium" }),
  ];
}

/** Everything behind a paged list, however many pages. */
async function all(ask) {
  const items = [];
  let after;
  do {
    const page = await ask({ limit: 20, after });
    items.push(...page.items);
    after = page.next || undefined;
  } while (after);
  return items;
}

module.exports = { dayOf, instant, weChatPhone, overheardClient, twice, arrive, draftsOf, all };
