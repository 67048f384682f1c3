// @ts-check
"use strict";

const { changes, creates, reads, removes } = require("./operation");

/**
 * @typedef {"hba1c"|"blood_pressure"|"weight"|"waist"|"sleep"|"lipids"|"kidney"|"eye"|"foot"} Kind
 * @typedef {{id: string, kind: Kind, person_id: string, filed_by: string, measured_on: string, source: string,
 *   values: Record<string, number|string>, note: string|null, recorded_at: string, version: number}} Measurement
 * @typedef {import("./http").Options} Options
 */

const operations = {
  file: creates("/measurements"),
  page: reads("/measurements"),
  change: changes("/measurements/{id}"),
  remove: removes("/measurements/{id}"),
};

/** @param {import("./http").Http} http */
function measurements(http) {
  return {
    /**
     * The measurement 化验与体征, kept. What it holds besides depends on its kind.
     * @param {{kind: Kind, measured_on: string, source: "hospital"|"checkup"|"home"|"device", note?: string,
     *   person_id?: string, [name: string]: any}} body
     * @param {Options} [options] @returns {Promise<Measurement>}
     */
    file: (body, options) => http.call(operations.file, { body, options }),
    /** Measurements, the latest first.
     * @param {{kind?: Kind, from?: string, to?: string, person_id?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Measurement>>} */
    page: (query) => http.call(operations.page, { query }),
    /** The measurement, corrected. @param {string} id @param {Record<string, any>} body
     * @param {Options} [options] @returns {Promise<Measurement>} */
    change: (id, body, options) => http.call(operations.change, { ids: { id }, body, options }),
    /** Take the measurement back. @param {string} id @param {Options} [options] @returns {Promise<void>} */
    remove: (id, options) => http.call(operations.remove, { ids: { id }, options }),
  };
}

module.exports = { measurements, operations };
