// @ts-check
"use strict";

const { acts, creates, open, picture, reads } = require("./operation");

/**
 * @typedef {{id: string, camp_id: string, name: string, capacity: number, seats_taken: number, join_code?: string,
 *   version: number}} Class
 * @typedef {{enrolment_id: string, person_id: string, nickname: string, done: Object<string, number>,
 *   required: Object<string, number>, complete_today: boolean, streak: number, complete_days: number, points: number,
 *   paused: boolean}} Member
 * @typedef {import("./http").Options} Options
 */

const operations = {
  create: creates("/classes"),
  show: reads("/classes/{id}"),
  byCode: open(reads("/classes/by-code/{code}")),
  joinQr: picture(reads("/classes/{id}/join-qr.png")),
  renewJoinCode: acts("/classes/{id}/join-code"),
  members: reads("/classes/{id}/members"),
  page: reads("/classes"),
};

/** @param {import("./http").Http} http */
function classes(http) {
  return {
    /** A new class with its join code. Admin. @param {{camp_id: string, name: string, capacity: number}} body
     * @param {Options} [options] @returns {Promise<Class>} */
    create: (body, options) => http.call(operations.create, { body, options }),
    /** One class. @param {string} id @returns {Promise<Class>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
    /** Camp, class and dates behind a join code, for anybody. @param {string} code @returns {Promise<any>} */
    byCode: (code) => http.call(operations.byCode, { ids: { code } }),
    /** The join code as a PNG. @param {string} id @returns {Promise<ArrayBuffer>} */
    joinQr: (id) => http.call(operations.joinQr, { ids: { id } }),
    /** The class with a new join code; the old one is dead. @param {string} id @param {Options} [options]
     * @returns {Promise<Class>} */
    renewJoinCode: (id, options) => http.call(operations.renewJoinCode, { ids: { id }, options }),
    /** Who is in it and what they have done today; never a reading for a leader.
     * @param {string} id @param {{limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Member>>} */
    members: (id, query) => http.call(operations.members, { ids: { id }, query }),
    /** The classes of a camp. @param {{camp_id: string, limit?: number, after?: string}} query
     * @returns {Promise<import("./people").Page<Class>>} */
    page: (query) => http.call(operations.page, { query }),
  };
}

module.exports = { classes, operations };
