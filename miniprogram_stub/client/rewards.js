// @ts-check
"use strict";

const { acts, changes, creates, reads, removes } = require("./operation");

/**
 * @typedef {{id: string, organisation_id: string, name: string, points: number, stock: number, audience: string,
 *   form: string, stage: string|null, reached: boolean, closed: boolean, version: number}} Reward
 * @typedef {{id: string, reward_id: string, name: string, person_id: string, points: number,
 *   status: "held"|"settled"|"released", address: string|null, courier: string|null, held_at: string, expires_at: string,
 *   ended_at: string|null, version: number}} Redemption
 * @typedef {{id: string, class_id: string, nickname: string, words: string, posted_at: string, version: number}} Spotlight
 * @typedef {import("./http").Options} Options
 */

const operations = {
  page: reads("/rewards"),
  create: creates("/rewards"),
  change: changes("/rewards/{id}"),
  redeem: creates("/rewards/{id}/redemptions"),
  redemptions: reads("/rewards/redemptions"),
  settle: acts("/rewards/redemptions/{id}/settle"),
  release: acts("/rewards/redemptions/{id}/release"),
  postSpotlight: creates("/rewards/spotlights"),
  spotlights: reads("/rewards/spotlights"),
  approveSpotlight: acts("/rewards/spotlights/{id}/approve"),
  removeSpotlight: removes("/rewards/spotlights/{id}"),
};

/** @param {import("./http").Http} http */
function rewards(http) {
  return {
    /** What one may redeem, cheapest first. @param {{person_id?: string, audience?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Reward> & {family_points: number}>} */
    page: (query) => http.call(operations.page, { query }),
    /** A new reward. Admin.
     * @param {{name: string, points: number, stock: number, audience: "patient"|"family"|"doctor", stage?: string,
     *   form?: string, organisation_id?: string}} body
     * @param {Options} [options] @returns {Promise<Reward>} */
    create: (body, options) => http.call(operations.create, { body, options }),
    /** The reward, changed. Admin.
     * @param {string} id @param {{name?: string, points?: number, stock?: number, closed?: boolean}} body
     * @param {Options} [options] @returns {Promise<Reward>} */
    change: (id, body, options) => http.call(operations.change, { ids: { id }, body, options }),
    /** The reward, held for 7 days. @param {string} id @param {{address?: string, person_id?: string}} [body] @param {Options} [options]
     * @returns {Promise<Redemption>} */
    redeem: (id, body = {}, options) => http.call(operations.redeem, { ids: { id }, body, options }),
    /** One's redemptions, or for staff an organisation's, newest first.
     * @param {{person_id?: string, organisation_id?: string, status?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Redemption>>} */
    redemptions: (query) => http.call(operations.redemptions, { query }),
    /** Sent: its points are spent. Staff. @param {string} id @param {{courier?: string}} [body]
     * @param {Options} [options] @returns {Promise<Redemption>} */
    settle: (id, body = {}, options) => http.call(operations.settle, { ids: { id }, body, options }),
    /** Called off: its points are free again. @param {string} id @param {Options} [options]
     * @returns {Promise<Redemption>} */
    release: (id, options) => http.call(operations.release, { ids: { id }, options }),
    /** Praise before the class, with the patient's consent. Staff. @param {{enrolment_id: string, words: string}} body
     * @param {Options} [options] @returns {Promise<Spotlight>} */
    postSpotlight: (body, options) => http.call(operations.postSpotlight, { body, options }),
    /** What is praised in a class. @param {{class_id: string, limit?: number, after?: string}} query
     * @returns {Promise<import("./people").Page<Spotlight>>} */
    spotlights: (query) => http.call(operations.spotlights, { query }),
    /** One's yes to praise of oneself: only then the class sees it. @param {string} id @returns {Promise<Spotlight>} */
    approveSpotlight: (id) => http.call(operations.approveSpotlight, { ids: { id } }),
    /** Praise taken away. @param {string} id @returns {Promise<null>} */
    removeSpotlight: (id) => http.call(operations.removeSpotlight, { ids: { id } }),
  };
}

module.exports = { rewards, operations };
