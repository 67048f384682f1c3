// @ts-check
"use strict";

const {
  GLUCOSE_SLOTS, INTENSITIES, KINDS, MEAL_SLOTS, UNITS, currentEnrolment, instantText, tell,
} = require("../../shown");
const { dangerOf } = require("./danger");

/** @type {import("../../shown").Client} */
const client = getApp().client;
const texts = (/** @type {string[][]} */ pairs) => pairs.map(([, text]) => text);

/** What each form makes of what was typed. @type {Object<string, (form: any) => any>} */
const drafts = {
  meal: (form) => ({ slot: MEAL_SLOTS[form.mealSlot][0], text: form.text }),
  exercise: (form) => (form.rest ? { rest: true, note: form.note }
    : { activity: form.activity, minutes: Number(form.minutes), intensity: INTENSITIES[form.intensity][0] }),
  glucose: (form) => ({
    value: form.beyond || Number(form.value), unit: UNITS[form.unit][0], slot: GLUCOSE_SLOTS[form.slot][0],
  }),
};

/** What is missing in a form, as a sentence, or "". @type {Object<string, (form: any) => string>} */
const missing = {
  meal: (form) => (form.text.trim().length < 2 ? "请写一下吃了什么，至少两个字。" : ""),
  exercise: (form) => {
    if (form.rest) return form.note.trim() ? "" : "请写一下今天休息的原因。";
    return form.activity.trim() && Number(form.minutes) >= 1 ? "" : "请写一下做了什么运动、多少分钟。";
  },
  glucose: (form) => (form.beyond || Number(form.value) > 0 ? "" : "请填血糖仪上的数字。"),
};

/** A new form; its id is made here, so that a second tap sends the same entry. @param {string} kind */
const newForm = (kind) => ({
  kind, id: client.newId(), text: "", mealSlot: 0, rest: false, note: "", activity: "散步", minutes: "30", intensity: 0,
  value: "", beyond: "", unit: 0, slot: 0,
});

Page({
  data: {
    signedIn: false,
    enrolled: false,
    completeDays: 0,
    current: 0,
    /** @type {{kind: string, text: string, asked: boolean, done: boolean}[]} */
    kinds: [],
    /** @type {any} */
    form: null,
    /** @type {import("../../client/errors").Advice[]} */
    cards: [],
    /** @type {{id: string, what: string, why: string}[]} */
    refused: [],
    waiting: 0,
    said: "",
    mealSlots: texts(MEAL_SLOTS),
    glucoseSlots: texts(GLUCOSE_SLOTS),
    intensities: texts(INTENSITIES),
    units: texts(UNITS),
  },

  async onShow() {
    this.setData({ signedIn: client.session.person() !== null });
    if (!this.data.signedIn) return;
    await this.send();
    await this.look();
  },

  async onPullDownRefresh() {
    await this.onShow();
    wx.stopPullDownRefresh();
  },

  /** Shows what is done today and what the days add up to. */
  async look() {
    try {
      const enrolment = await currentEnrolment(client);
      this.setData({ enrolled: enrolment !== null });
      if (!enrolment) return;
      const streak = await client.streaks.me({ enrolment_id: enrolment.id });
      this.setData({ completeDays: streak.complete_days, current: streak.current });
      this.showToday(streak.today || { done: {}, required: {} });
    } catch (error) {
      // Without a network one can still file; the numbers come later.
      if (/** @type {any} */ (error).code !== "offline") tell(error);
    }
  },

  /** Marks what is done of what the plan asks today.
   * @param {{done: Object<string, number>, required: Object<string, number>}} today */
  showToday({ done, required }) {
    this.setData({ kinds: KINDS.map(({ kind, text }) => (
      { kind, text, asked: required[kind] > 0, done: done[kind] > 0 && done[kind] >= (required[kind] || 1) })) });
  },

  /** @param {any} event */
  openForm(event) {
    this.setData({ form: newForm(event.currentTarget.dataset.kind), said: "" });
  },

  closeForm() {
    this.setData({ form: null });
  },

  /** Takes what was typed or picked; data-name says which field it is. @param {any} event */
  fill(event) {
    const { name } = event.currentTarget.dataset;
    const typed = event.detail.value;
    const picked = ["mealSlot", "intensity", "unit", "slot"].includes(name);
    this.setData({ [`form.${name}`]: picked ? Number(typed) : typed });
  },

  /** The meter showed HI or LO instead of a number. @param {any} event */
  fillBeyond(event) {
    const { beyond } = event.currentTarget.dataset;
    this.setData({ "form.beyond": this.data.form.beyond === beyond ? "" : beyond, "form.value": "" });
  },

  /** Keeps the entry on the phone first, then sends it. */
  async save() {
    const { form } = this.data;
    if (!form) return;
    const lacking = missing[form.kind](form);
    if (lacking) {
      this.setData({ said: lacking });
      return;
    }
    const asked = { id: form.id, kind: form.kind, occurred_at: instantText(new Date()) };
    const draft = Object.assign(asked, drafts[form.kind](form));
    // The second tap finds no form any more. A danger is said before anything can fail, and stays until it is seen.
    this.setData({ form: null });
    const dangers = draft.kind === "glucose" ? dangerOf(draft.value, draft.unit) : [];
    if (dangers.length) this.setData({ cards: dangers });
    try {
      client.entries.keep(draft);
    } catch (error) {
      this.setData({ form });
      tell(error);
      return;
    }
    await this.send();
    await this.look();
  },

  /** Sends what is kept and shows the answer; the server's danger cards take the place of the phone's. */
  async send() {
    const { results, refused, waiting, stoppedBy } = await client.entries.flush();
    const created = results.filter((one) => one.status === "created").length;
    const told = results.map((one) => one.advice || (one.problem && one.problem.advice))
      .concat([stoppedBy && /** @type {any} */ (stoppedBy).advice]).filter(Boolean);
    // Every danger among them is shown, each once.
    const cards = told.filter((card, place) => told.findIndex((other) => other.title === card.title) === place);
    if (cards.length) this.setData({ cards });
    this.setData({
      waiting,
      refused: refused.map(({ draft, refusal }) => ({
        id: draft.id,
        what: (KINDS.find(({ kind }) => kind === draft.kind) || KINDS[0]).text,
        why: (refusal && refusal.problem && refusal.problem.detail) || "和已经记下的不一样。",
      })),
    });
    if (created) this.setData({ said: "记下了。" });
    if (stoppedBy && /** @type {any} */ (stoppedBy).code !== "offline") tell(stoppedBy);
  },

  /** @param {any} event */
  dropRefused(event) {
    const { id } = event.currentTarget.dataset;
    client.entries.drop(id);
    this.setData({ refused: this.data.refused.filter((one) => one.id !== id) });
  },

  call120() {
    wx.makePhoneCall({ phoneNumber: "120" });
  },

  closeCards() {
    this.setData({ cards: [] });
  },

  goToMe() {
    wx.switchTab({ url: "/pages/me/me" });
  },
});
