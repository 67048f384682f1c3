// @ts-check
"use strict";

const { acts, creates, reads } = require("./operation");

/**
 * @typedef {{id: string, person_id: string, sku: string, quantity: number, bought_on: string, where: string,
 *   receipt_photo_id: string|null, status: "waiting"|"confirmed"|"refused", strips: number|null, points: number,
 *   refused_because: string|null, filed_at: string, decided_at: string|null, version: number}} Purchase
 * @typedef {import("./http").Options} Options
 */

const operations = {
  add: creates("/purchases"),
  page: reads("/purchases"),
  confirm: acts("/purchases/{id}/confirm"),
  refuse: acts("/purchases/{id}/refuse"),
};

/** @param {import("./http").Http} http */
function purchases(http) {
  return {
    /** A purchase of strips or a meter, waiting for staff.
     * @param {{sku: string, quantity: number, bought_on: string, where: string, receipt_photo_id?: string,
     *   person_id?: string}} body @param {Options} [options] @returns {Promise<Purchase>} */
    add: (body, options) => http.call(operations.add, { body, options }),
    /** One's purchases, or for staff an organisation's, newest first.
     * @param {{person_id?: string, organisation_id?: string, status?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Purchase>>} */
    page: (query) => http.call(operations.page, { query }),
    /** Confirmed, with the points it is worth. Staff. @param {string} id @param {{strips?: number}} [body]
     * @param {Options} [options] @returns {Promise<Purchase>} */
    confirm: (id, body = {}, options) => http.call(operations.confirm, { ids: { id }, body, options }),
    /** Refused with a reason. Staff. @param {string} id @param {{reason: string}} body @param {Options} [options]
     * @returns {Promise<Purchase>} */
    refuse: (id, body, options) => http.call(operations.refuse, { ids: { id }, body, options }),
  };
}

module.exports = { purchases, operations };
