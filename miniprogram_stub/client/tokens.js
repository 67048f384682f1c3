// @ts-check
"use strict";

/**
 * Where the client keeps what must outlive a restart. All calls are synchronous: a thing is stored when `set` returns.
 * @typedef {object} Store
 * @property {(key: string) => any} get undefined when there is nothing
 * @property {(key: string, value: any) => void} set
 * @property {(key: string) => void} remove
 */

/**
 * @typedef {{role: string, scope_type: string, scope_id: string}} HeldRole
 * @typedef {{id: string, nickname: string|null, roles: HeldRole[]}} SignedInPerson
 * @typedef {{access_token: string, refresh_token: string, expires_in: number, person: SignedInPerson}} Tokens
 */

const KEY = "tangying.session";

/**
 * The tokens of whoever is signed in on this device.
 * @param {Store} store
 */
function keepTokens(store) {
  return {
    /** @returns {Tokens|null} */
    read: () => store.get(KEY) || null,
    /** @param {Tokens} tokens */
    write: (tokens) => store.set(KEY, tokens),
    forget: () => store.remove(KEY),
  };
}

module.exports = { keepTokens };
