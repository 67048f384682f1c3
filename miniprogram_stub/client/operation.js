// @ts-check
"use strict";

/**
 * One operation of the API: how it is asked, and what may be done when the answer does not come.
 * @typedef {object} Operation
 * @property {"GET"|"POST"|"PUT"|"PATCH"|"DELETE"} method
 * @property {string} path below /api/v1, with {id} where an id goes
 * @property {boolean} [keyed] a POST that creates: it carries an Idempotency-Key, so sending it twice is safe
 * @property {boolean} [ownId] a POST whose body carries ids made on the phone, so sending it twice is safe
 * @property {boolean} [open] asked without a token, and never a reason to renew one
 * @property {boolean} [picture] answers bytes, not JSON
 * @property {boolean} [upload] its body is a file
 */

/** @param {string} path @returns {Operation} */
const reads = (path) => ({ method: "GET", path });

/** @param {string} path @returns {Operation} */
const creates = (path) => ({ method: "POST", path, keyed: true });

/**
 * A POST that changes something that is there; it is never sent twice by itself.
 * @param {string} path @returns {Operation}
 */
const acts = (path) => ({ method: "POST", path });

/** @param {string} path @returns {Operation} */
const files = (path) => ({ method: "POST", path, ownId: true });

/** @param {string} path @returns {Operation} */
const puts = (path) => ({ method: "PUT", path });

/** @param {string} path @returns {Operation} */
const changes = (path) => ({ method: "PATCH", path });

/** @param {string} path @returns {Operation} */
const removes = (path) => ({ method: "DELETE", path });

/** The same operation, for anybody: no token goes with it. @param {Operation} operation @returns {Operation} */
const open = (operation) => Object.assign({}, operation, { open: true });

/** The same operation, answering bytes. @param {Operation} operation @returns {Operation} */
const picture = (operation) => Object.assign({}, operation, { picture: true });

/** True when sending the same request again cannot do the thing twice. @param {Operation} operation */
const safeToRepeat = (operation) =>
  operation.method === "GET" || operation.method === "PUT" || operation.method === "DELETE"
  || Boolean(operation.keyed || operation.ownId);

/** A POST of a file that creates something. @param {string} path @returns {Operation} */
const uploads = (path) => ({ method: "POST", path, keyed: true, upload: true });

module.exports = { reads, creates, acts, files, puts, changes, removes, uploads, open, picture, safeToRepeat };
