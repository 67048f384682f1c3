// @ts-check
"use strict";

const { acts, open, puts, reads } = require("./operation");

// Development aids; a server in production does not have them.
const operations = {
  setClock: open(puts("/dev/clock")),
  runDue: open(acts("/dev/run-due")),
  outbox: open(reads("/dev/outbox")),
};

/** @param {import("./http").Http} http */
function dev(http) {
  return {
    /**
     * The server's clock, stopped at an instant; null lets it run again.
     * @param {string|null} now @returns {Promise<any>}
     */
    setClock: (now) => http.call(operations.setClock, { body: { now } }),
    /** What the scheduler did, having run everything due by now. @returns {Promise<any>} */
    runDue: () => http.call(operations.runDue, { body: {} }),
    /** The messages that would have left, newest first. @param {{limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<any>>} */
    outbox: (query) => http.call(operations.outbox, { query }),
  };
}

module.exports = { dev, operations };
