// @ts-check
"use strict";

const { createClient } = require("./client/index");
const { wxPlatform } = require("./client/wx");
const { baseUrls } = require("./settings");

/** The client every page works through, and whether the server may know development names. */
function connect() {
  const { envVersion } = wx.getAccountInfoSync().miniProgram;
  return {
    client: createClient({ baseUrl: baseUrls[envVersion], platform: wxPlatform(wx) }),
    inDevelopment: envVersion === "develop",
  };
}

App(connect());
