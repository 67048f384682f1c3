// @ts-check
"use strict";

const { reads } = require("./operation");

/**
 * @typedef {object} BoardQuery
 * @property {string} [class_id] this or camp_id
 * @property {string} [camp_id]
 * @property {"day"|"week"|"camp"} [period]
 * @property {string} [day]
 * @property {"points"|"streak"|"check_ins"} [metric]
 * @property {"me"} [around]
 * @property {number} [limit]
 * @property {string} [after]
 *
 * @typedef {{rank: number, name: string, score: number, is_me: boolean}} Place
 * @typedef {{rule: any, period: {from: string, to: string}, total: number, items: Place[],
 *   me: {rank: number, score: number}|null, next: string|null}} Board
 */

const operations = {
  show: reads("/leaderboards"),
  classes: reads("/leaderboards/classes"),
};

/** @param {import("./http").Http} http */
function leaderboards(http) {
  return {
    /** A class's or a camp's board, and one's own place. @param {BoardQuery} query @returns {Promise<Board>} */
    show: (query) => http.call(operations.show, { query }),
    /** Class against class.
     * @param {{camp_id: string} & Pick<BoardQuery, "period"|"day"|"metric">} query @returns {Promise<any>} */
    classes: (query) => http.call(operations.classes, { query }),
  };
}

module.exports = { leaderboards, operations };
