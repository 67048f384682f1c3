// @ts-check
"use strict";

// Where the server is, by WeChat's own word for how the program runs: in the tool, as a trial, or released.
// A phone reaches nothing but https addresses that are listed for the program at mp.weixin.qq.com.
module.exports = {
  baseUrls: /** @type {Object<string, string>} */ ({
    develop: "http://127.0.0.1:8000",
    trial: "https://camp.example.org",
    release: "https://camp.example.org",
  }),
};
