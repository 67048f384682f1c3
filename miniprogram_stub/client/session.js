// @ts-check
"use strict";

const { acts, open, removes } = require("./operation");

/**
 * @typedef {import("./tokens").Tokens & {token_type: string, is_new: boolean}} SignedIn
 * @typedef {import("./http").Options} Options
 */

const operations = {
  // A WeChat code works once and a refresh token too: neither may be sent twice by itself.
  start: open(acts("/session")),
  refresh: open(acts("/session/refresh")),
  end: removes("/session"),
  bindPhone: acts("/session/phone"),
};

/**
 * Signing in and out; the tokens are kept on the device.
 * @param {import("./http").Http} http @param {ReturnType<typeof import("./tokens").keepTokens>} tokens
 */
function session(http, tokens) {
  return {
    /** Who is signed in on this device, or null; asks nobody. */
    person: () => {
      const kept = tokens.read();
      return kept ? kept.person : null;
    },
    /**
     * Signed in, by a code from wx.login (or `dev:<name>` in development).
     * @param {{code: string, channel?: string}} body @param {Options} [options] @returns {Promise<SignedIn>}
     */
    async start(body, options) {
      const answer = await http.call(operations.start, { body, options });
      tokens.write(answer);
      return answer;
    },
    /** New tokens; an expired one is renewed without being asked. Null when nobody is signed in. */
    async refresh() {
      const kept = tokens.read();
      return kept ? http.renew(kept) : null;
    },
    /**
     * Signed out here in any case: on a shared phone that matters more than what the network says.
     * @returns {Promise<void>}
     */
    async end() {
      try {
        if (tokens.read()) await http.call(operations.end);
      } finally {
        tokens.forget();
      }
    },
    /** The phone number WeChat vouches for, bound. @param {{code: string}} body @param {Options} [options]
     * @returns {Promise<{phone: string}>} */
    bindPhone: (body, options) => http.call(operations.bindPhone, { body, options }),
  };
}

module.exports = { session, operations };
