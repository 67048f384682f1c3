// @ts-check
"use strict";

const { acts, changes, creates, reads } = require("./operation");

/** @typedef {{meal?: number, exercise?: number, glucose?: number, lesson?: string}} DayAsks */

/**
 * What a camp asks and pays; frozen once it runs. Camp days are numbered "1", "2", …
 * @typedef {object} Rules
 * @property {Object<string, {days: Object<string, DayAsks>}>} plans
 * @property {number} grace_hours
 * @property {string} day_starts_at
 * @property {any} points
 * @property {{cards: number, within_days: number}} makeup
 * @property {{days: number}} pause
 * @property {{level: string, complete_days: number}[]} certificates
 *
 * @typedef {{organisation_id: string, template: string, name: string, starts_on: string, timezone?: string,
 *   rules?: Partial<Rules>}} NewCamp
 * @typedef {{id: string, name: string, status: "draft"|"enrolling"|"running"|"finished"|"archived", starts_on: string,
 *   ends_on: string, days: number, timezone: string, rules: Rules, rules_version: number, version: number}} Camp
 * @typedef {import("./http").Options} Options
 */

const operations = {
  templates: reads("/camps/templates"),
  create: creates("/camps"),
  change: changes("/camps/{id}"),
  openCamp: acts("/camps/{id}/open"),
  archive: acts("/camps/{id}/archive"),
  page: reads("/camps"),
  show: reads("/camps/{id}"),
};

/** @param {import("./http").Http} http */
function camps(http) {
  return {
    /** What a camp can be made from. @returns {Promise<import("./people").Page<any>>} */
    templates: () => http.call(operations.templates),
    /** A new camp, a draft. Admin. @param {NewCamp} camp @param {Options} [options] @returns {Promise<Camp>} */
    create: (camp, options) => http.call(operations.create, { body: camp, options }),
    /** The camp as changed. Admin. @param {string} id @param {Partial<NewCamp>} camp @param {Options} [options]
     * @returns {Promise<Camp>} */
    change: (id, camp, options) => http.call(operations.change, { ids: { id }, body: camp, options }),
    /** The camp, enrolling. Admin. @param {string} id @param {Options} [options] @returns {Promise<Camp>} */
    openCamp: (id, options) => http.call(operations.openCamp, { ids: { id }, options }),
    /** The camp, archived: its entries change no more. Admin. @param {string} id @param {Options} [options]
     * @returns {Promise<Camp>} */
    archive: (id, options) => http.call(operations.archive, { ids: { id }, options }),
    /** The camps one sees. @param {{limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Camp>>} */
    page: (query) => http.call(operations.page, { query }),
    /** One camp with its rules. @param {string} id @returns {Promise<Camp>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
  };
}

module.exports = { camps, operations };
