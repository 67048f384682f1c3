// @ts-check
"use strict";

// What the screens call things, and the few steps that all pages share.

/** @typedef {ReturnType<typeof import("./client/index").createClient>} Client */

const DAY_STATES = {
  complete: { mark: "✓", text: "完成" },
  made_up: { mark: "补", text: "已补卡" },
  partial: { mark: "半", text: "做了一部分" },
  missed: { mark: "缺", text: "没有打卡" },
  paused: { mark: "假", text: "请假" },
  open: { mark: "…", text: "还可以打卡" },
  future: { mark: "", text: "还没到" },
  before_joining: { mark: "–", text: "入营之前" },
};

const KINDS = [
  { kind: "meal", text: "吃饭" },
  { kind: "exercise", text: "运动" },
  { kind: "glucose", text: "测血糖" },
];

/** [value, text] pairs as a picker wants them. */
const MEAL_SLOTS = [["breakfast", "早餐"], ["lunch", "午餐"], ["dinner", "晚餐"], ["snack", "加餐"]];
const GLUCOSE_SLOTS = [["fasting", "空腹"], ["after_breakfast", "早餐后"], ["before_lunch", "午餐前"],
  ["after_lunch", "午餐后"], ["before_dinner", "晚餐前"], ["after_dinner", "晚餐后"], ["bedtime", "睡前"],
  ["night", "夜里"], ["random", "其他时间"]];
const INTENSITIES = [["low", "轻松，能唱歌"], ["medium", "微微出汗，能说话"], ["high", "喘，说不了整句"]];
const UNITS = [["mmol/L", "mmol/L"], ["mg/dL", "mg/dL"]];

/** An instant as RFC 3339 with the phone's own offset, such as 2026-03-02T07:00:00+08:00. @param {Date} instant */
function instantText(instant) {
  const two = (/** @type {number} */ number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const east = -instant.getTimezoneOffset();
  const day = `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
  const time = `${two(instant.getHours())}:${two(instant.getMinutes())}:${two(instant.getSeconds())}`;
  return `${day}T${time}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
}

/** The enrolment the screens are about: one that goes on if there is one, else one that was not left, else null.
 * @param {Client} client */
async function currentEnrolment(client) {
  const { items } = await client.enrolments.page({ limit: 100 });
  const goesOn = items.find((one) => one.status === "active" || one.status === "paused");
  return goesOn || items.find((one) => one.status !== "withdrawn" && one.status !== "closed") || null;
}

/** Says why something was refused, in the server's own sentence; who is not signed in is led to where they can be.
 * @param {any} error */
function tell(error) {
  // A fault of our own must be seen by whoever develops this, not shown to a patient as a sentence.
  if (error.detail === undefined) throw error;
  wx.showModal({
    title: "请看一下",
    content: error.detail,
    showCancel: false,
    success: () => { if (error.status === 401) wx.switchTab({ url: "/pages/me/me" }); },
  });
}

module.exports = {
  DAY_STATES, KINDS, MEAL_SLOTS, GLUCOSE_SLOTS, INTENSITIES, UNITS, instantText, currentEnrolment, tell,
};
