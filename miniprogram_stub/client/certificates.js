// @ts-check
"use strict";

const { acts, creates, open, picture, reads } = require("./operation");

/**
 * @typedef {{id: string, number: string, person_id: string, enrolment_id: string, camp_id: string, class_id: string,
 *   name: string, camp: string, level: string, complete_days: number, camp_days: number, starts_on: string,
 *   ends_on: string, issued_on: string, issuer: string, status: "valid"|"revoked"|"replaced", replaced_by: string|null,
 *   check_url: string, version: number}} Certificate
 * @typedef {{status: "valid"|"revoked"|"replaced"|"unknown", number: string|null, name: string|null, camp: string|null,
 *   level: string|null, days: number|null, issued_on: string|null, issuer: string|null, replaced_by: string|null,
 *   certified: Object<string, any>|null, signature: string|null, kid: string|null}} Checked
 * @typedef {{id: string, status: "waiting"|"running"|"done"|"failed", done: number, total: number, format: string,
 *   purpose: string, camp_id: string, class_id: string|null, asked_at: string, expires_at: string|null}} Export
 * @typedef {import("./http").Options} Options
 */

const operations = {
  mine: reads("/certificates"),
  issue: acts("/certificates/issue"),
  keys: open(reads("/certificates/keys")),
  publicKey: open(reads("/certificates/keys/{kid}")),
  check: open(reads("/certificates/check/{number}")),
  pdf: picture(reads("/certificates/{id}.pdf")),
  png: picture(reads("/certificates/{id}.png")),
  token: picture(reads("/certificates/{id}.jwt")),
  revoke: acts("/certificates/{id}/revoke"),
  reissue: creates("/certificates/{id}/reissue"),
  askExport: creates("/certificates/exports"),
  showExport: reads("/certificates/exports/{id}"),
  exportFile: picture(reads("/certificates/exports/{id}/file")),
};

/** @param {import("./http").Http} http */
function certificates(http) {
  return {
    /** One's certificates, newest first.
     * @param {{person_id?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Certificate>>} */
    mine: (query) => http.call(operations.mine, { query }),
    /** What a finished camp owes, issued. Admin. @param {{camp_id: string}} body @param {Options} [options]
     * @returns {Promise<{issued: number, already: number, left: number}>} */
    issue: (body, options) => http.call(operations.issue, { body, options }),
    /** The public keys that signatures are checked with. @returns {Promise<{keys: Object<string, string>[]}>} */
    keys: () => http.call(operations.keys, {}),
    /** One of them. @param {string} kid @returns {Promise<Object<string, string>>} */
    publicKey: (kid) => http.call(operations.publicKey, { ids: { kid } }),
    /** What anybody may know of a number. @param {string} number @returns {Promise<Checked>} */
    check: (number) => http.call(operations.check, { ids: { number } }),
    /** The certificate as a PDF. @param {string} id @returns {Promise<ArrayBuffer>} */
    pdf: (id) => http.call(operations.pdf, { ids: { id } }),
    /** The certificate as a picture to share. @param {string} id @returns {Promise<ArrayBuffer>} */
    png: (id) => http.call(operations.png, { ids: { id } }),
    /** The certificate as an Open Badges credential. @param {string} id @returns {Promise<ArrayBuffer>} */
    token: (id) => http.call(operations.token, { ids: { id } }),
    /** The certificate, revoked. Admin. @param {string} id @param {{reason: string}} body @param {Options} [options]
     * @returns {Promise<Certificate>} */
    revoke: (id, body, options) => http.call(operations.revoke, { ids: { id }, body, options }),
    /** A new certificate with the right name. Admin. @param {string} id @param {{name: string}} body
     * @param {Options} [options] @returns {Promise<Certificate>} */
    reissue: (id, body, options) => http.call(operations.reissue, { ids: { id }, body, options }),
    /** A file of a camp's or class's certificates, made in the background. Admin.
     * @param {{camp_id?: string, class_id?: string, format: "zip"|"xlsx"|"csv", purpose: string}} body
     * @param {Options} [options] @returns {Promise<Export>} */
    askExport: (body, options) => http.call(operations.askExport, { body, options }),
    /** How far it is. @param {string} id @returns {Promise<Export>} */
    showExport: (id) => http.call(operations.showExport, { ids: { id } }),
    /** The file. @param {string} id @returns {Promise<ArrayBuffer>} */
    exportFile: (id) => http.call(operations.exportFile, { ids: { id } }),
  };
}

module.exports = { certificates, operations };
