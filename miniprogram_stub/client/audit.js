// @ts-check
"use strict";

const { reads } = require("./operation");

const operations = {
  page: reads("/audit"),
};

/** @param {import("./http").Http} http */
function audit(http) {
  return {
    /** Who did what, in one's scope. @param {{about?: string, actor?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<any>>} */
    page: (query) => http.call(operations.page, { query }),
  };
}

module.exports = { audit, operations };
