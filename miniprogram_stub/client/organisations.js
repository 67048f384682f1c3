// @ts-check
"use strict";

const { changes, creates, reads } = require("./operation");

/**
 * @typedef {{id: string, name: string}} Organisation
 * @typedef {{role: string, scope_type: string, scope_id: string}} NewInvite
 * @typedef {import("./http").Options} Options
 */

const operations = {
  create: creates("/organisations"),
  page: reads("/organisations"),
  show: reads("/organisations/{id}"),
  change: changes("/organisations/{id}"),
  invite: creates("/organisations/{id}/invites"),
};

/** @param {import("./http").Http} http */
function organisations(http) {
  return {
    /**
     * A new organisation. Owner.
     * @param {{name: string}} organisation @param {Options} [options] @returns {Promise<Organisation>}
     */
    create: (organisation, options) => http.call(operations.create, { body: organisation, options }),
    /** The organisations one works in. @param {{limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Organisation>>} */
    page: (query) => http.call(operations.page, { query }),
    /** The organisation with its settings. Staff. @param {string} id @returns {Promise<Organisation & Record<string, any>>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
    /** Service hours, duty phone, who is on duty in which order, signatories, licences. Admin.
     * @param {string} id @param {Record<string, any>} settings @param {Options} [options]
     * @returns {Promise<Organisation & Record<string, any>>} */
    change: (id, settings, options) => http.call(operations.change, { ids: { id }, body: settings, options }),
    /** A code; whoever accepts it gets the role. Admin.
     * @param {string} id @param {NewInvite} invite @param {Options} [options]
     * @returns {Promise<{code: string, expires_at: string}>} */
    invite: (id, invite, options) => http.call(operations.invite, { ids: { id }, body: invite, options }),
  };
}

module.exports = { organisations, operations };
