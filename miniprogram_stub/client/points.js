// @ts-check
"use strict";

const { creates, reads } = require("./operation");

/**
 * @typedef {{id: string, points: number, reason: string, about: string|null, day: string|null, note: string|null,
 *   enrolment_id: string, rules_version: number, at: string}} Line
 * @typedef {{balance: number, held: number, level: string|null, lines: import("./people").Page<Line>}} Balance
 * @typedef {import("./http").Options} Options
 */

const operations = {
  me: reads("/points/me"),
  adjust: creates("/points/adjustments"),
};

/** @param {import("./http").Http} http */
function points(http) {
  return {
    /**
     * One's balance and a page of the ledger.
     * @param {{person_id?: string, limit?: number, after?: string}} [query] @returns {Promise<Balance>}
     */
    me: (query) => http.call(operations.me, { query }),
    /** The line posted by hand, with its reason. Admin.
     * @param {{enrolment_id: string, points: number, reason: string}} body
     * @param {Options} [options] @returns {Promise<any>} */
    adjust: (body, options) => http.call(operations.adjust, { body, options }),
  };
}

module.exports = { points, operations };
