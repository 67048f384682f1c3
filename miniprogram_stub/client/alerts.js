// @ts-check
"use strict";

const { acts, open, reads } = require("./operation");

/**
 * @typedef {{who: string|null, how: string, at: string, state: "waiting"|"delivered"|"failed"|"no_channel",
 *   step: string}} Telling the phone on duty may ring for nobody in particular
 * @typedef {{id: string, person: string, entry_id: string|null, question_id: string|null,
 *   about: "self"|"relative"|"unknown", level: string, at: string, fresh: boolean, told: Telling[],
 *   recheck_by: string|null, acknowledged: {by: string, at: string}|null,
 *   notes: {by: string, at: string, note: string}[], closed_at: string|null, closed_why: string|null, version: number}} Alert
 *   `notes` are for staff: everybody else gets none
 * @typedef {{version: string, thresholds: object[], cards: object[], confirm: string, cautions: object[],
 *   late: object[], over: object[]}} Cards `late` and `over` are what a card says of a reading of long ago
 * @typedef {import("./http").Options} Options
 */

const operations = {
  page: reads("/alerts"),
  cards: open(reads("/alerts/cards")),
  acknowledge: acts("/alerts/{id}/acknowledge"),
};

/** @param {import("./http").Http} http */
function alerts(http) {
  return {
    /** Alerts, newest first: one's own, the family's, and those of the people one watches.
     * @param {{person_id?: string, open?: boolean, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Alert>>} */
    page: (query) => http.call(operations.page, { query }),
    /** Thresholds and cards as data, to be kept for when there is no signal. @returns {Promise<Cards>} */
    cards: () => http.call(operations.cards),
    /** The alert, taken up; closed too when nothing is left to do. Every note is kept, for staff to read. Staff.
     * @param {string} id @param {{note: string, close?: boolean}} body
     * @param {Options} [options] @returns {Promise<Alert>} */
    acknowledge: (id, body, options) => http.call(operations.acknowledge, { ids: { id }, body, options }),
  };
}

module.exports = { alerts, operations };
