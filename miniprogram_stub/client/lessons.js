// @ts-check
"use strict";

const { reads } = require("./operation");

const operations = {
  page: reads("/lessons"),
  show: reads("/lessons/{id}"),
};

/** @param {import("./http").Http} http */
function lessons(http) {
  return {
    /** The lessons of one's camp, by camp day. @param {{enrolment_id: string}} query
     * @returns {Promise<import("./people").Page<any>>} */
    page: (query) => http.call(operations.page, { query }),
    /** One lesson, to read. @param {string} id @returns {Promise<any>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
  };
}

module.exports = { lessons, operations };
