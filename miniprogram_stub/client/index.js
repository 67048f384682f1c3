// @ts-check
"use strict";

const alerts = require("./alerts");
const audit = require("./audit");
const camps = require("./camps");
const certificates = require("./certificates");
const classes = require("./classes");
const consents = require("./consents");
const dev = require("./dev");
const enrolments = require("./enrolments");
const entries = require("./entries");
const { ProblemError, OfflineError } = require("./errors");
const { Http } = require("./http");
const insights = require("./insights");
const leaderboards = require("./leaderboards");
const lessons = require("./lessons");
const measurements = require("./measurements");
const organisations = require("./organisations");
const people = require("./people");
const photos = require("./photos");
const points = require("./points");
const purchases = require("./purchases");
const rewards = require("./rewards");
const questions = require("./questions");
const session = require("./session");
const streaks = require("./streaks");
const { keepTokens } = require("./tokens");

const words = {
  session, people, consents, organisations, camps, classes, enrolments, entries, streaks, points, leaderboards, lessons,
  photos, questions, rewards, purchases, certificates, alerts, insights, measurements, audit, dev,
};

/**
 * Every operation the client knows: `client[word][verb]` asks `method` `path`.
 * @type {{word: string, verb: string, method: string, path: string}[]}
 */
const operations = [];
for (const [word, { operations: table }] of Object.entries(words)) {
  for (const [verb, { method, path }] of Object.entries(table)) operations.push({ word, verb, method, path });
}

/**
 * The whole API for one device, one namespace per word.
 * @param {object} parts
 * @param {string} parts.baseUrl the server's address, such as https://camp.example.org
 * @param {import("./http").Platform} parts.platform nodePlatform() or wxPlatform()
 * @param {import("./tokens").Store} [parts.store] where tokens and unsent entries are kept, unless the platform's own
 * @param {() => string} [parts.newId] makes UUIDs, unless the platform's own
 */
function createClient({ baseUrl, platform, store = platform.store, newId = platform.newId }) {
  const tokens = keepTokens(store);
  const http = new Http({ baseUrl, platform, newId, tokens, renewal: session.operations.refresh });
  const whose = () => {
    const kept = tokens.read();
    return kept ? kept.person.id : null;
  };
  return {
    newId,
    session: session.session(http, tokens),
    people: people.people(http),
    consents: consents.consents(http),
    organisations: organisations.organisations(http),
    camps: camps.camps(http),
    classes: classes.classes(http),
    enrolments: enrolments.enrolments(http),
    entries: entries.entries(http, { store, newId, whose }),
    photos: photos.photos(http),
    streaks: streaks.streaks(http),
    points: points.points(http),
    leaderboards: leaderboards.leaderboards(http),
    lessons: lessons.lessons(http),
    rewards: rewards.rewards(http),
    purchases: purchases.purchases(http),
    certificates: certificates.certificates(http),
    alerts: alerts.alerts(http),
    questions: questions.questions(http),
    insights: insights.insights(http),
    measurements: measurements.measurements(http),
    audit: audit.audit(http),
    dev: dev.dev(http),
  };
}

module.exports = { createClient, operations, ProblemError, OfflineError };
