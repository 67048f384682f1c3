"use strict";

const { createClient } = require("../client");
const { nodePlatform, memoryStore } = require("../client/node");

/** Node's platform, whose waits are written down and take no time. */
function patientPlatform(parts) {
  const waits = [];
  return { ...nodePlatform(parts), waits, wait: async (ms) => { waits.push(ms); } };
}

/** A client of the twin with somebody signed in. */
async function signedIn(twin, name = "wang", store = memoryStore()) {
  const platform = patientPlatform({ store });
  const client = createClient({ baseUrl: twin.url, platform });
  await client.session.start({ code: `dev:${name}` });
  return { client, platform, store };
}

/** What the call threw. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("it was not refused");
}

/**
 * WeChat as the client meets it: its request over real HTTP, calling `success` for any status; its storage, its dialogs
 * and its pages' way out, written down.
 */
function fakeWx() {
  const stored = new Map();
  const told = [];
  const METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"];
  const request = async ({ url, method, header, data, timeout, responseType, success, fail }) => {
    if (!METHODS.includes(method)) return fail({ errMsg: `request:fail method ${method} is not allowed` });
    let response, bytes;
    try {
      response = await fetch(url, { method, headers: header, body: data, signal: AbortSignal.timeout(timeout) });
      bytes = await response.arrayBuffer();
    } catch (error) {
      return fail({ errMsg: error.name === "TimeoutError" ? "request:fail timeout" : "request:fail " });
    }
    const text = Buffer.from(bytes).toString("utf8");
    // WeChat gives headers as the server wrote them.
    const asWritten = (name) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
    const names = [...response.headers].map(([name, value]) => [asWritten(name), value]);
    return success({ statusCode: response.status, header: Object.fromEntries(names), errMsg: "request:ok",
      data: responseType === "arraybuffer" ? bytes : text });
  };
  const note = (what) => (parts = {}) => {
    told.push({ what, ...parts });
    if (parts.success) parts.success({ confirm: true });
  };
  return {
    told,
    request: (parts) => void request(parts),
    getStorageSync: (key) => (stored.has(key) ? JSON.parse(stored.get(key)) : ""),
    setStorageSync: (key, value) => void stored.set(key, JSON.stringify(value)),
    removeStorageSync: (key) => void stored.delete(key),
    login: ({ success }) => success({ code: "wechat-code" }),
    getAccountInfoSync: () => ({ miniProgram: { envVersion: "develop" } }),
    showModal: note("showModal"), showToast: note("showToast"), makePhoneCall: note("makePhoneCall"),
    switchTab: note("switchTab"), stopPullDownRefresh: note("stopPullDownRefresh"),
  };
}

module.exports = { patientPlatform, signedIn, refusal, fakeWx };
