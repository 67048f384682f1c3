// @ts-check
"use strict";

const { currentEnrolment, tell } = require("../../shown");

/** @type {import("../../shown").Client} */
const client = getApp().client;
const EMERGENCY = "120";

Page({
  data: {
    signedIn: false,
    enrolled: false,
    text: "",
    /** Made when something is typed, so that a second tap asks once. */
    askKey: "",
    /** The question on the screen, with what was written about it. @type {any} */
    asked: null,
    message: "",
    /** What to do now, until it is said to have been read. @type {any} */
    card: null,
    /** @type {import("../../client/questions").Question[]} */
    earlier: [],
  },

  async onShow() {
    this.setData({ signedIn: client.session.person() !== null });
    if (this.data.signedIn) await this.look().catch(tell);
  },

  /** Shows what was asked before, and the open question as it stands now. */
  async look() {
    const { asked } = this.data;
    const [enrolment, mine] = await Promise.all([currentEnrolment(client), client.questions.mine({ limit: 20 })]);
    this.setData({ enrolled: enrolment !== null, earlier: mine.items });
    if (asked) this.setData({ asked: await client.questions.show(asked.id) });
  },

  /** Takes what was typed; data-name says which field it is. @param {any} event */
  fill(event) {
    this.setData({ [event.currentTarget.dataset.name]: event.detail.value, askKey: client.newId() });
  },

  async ask() {
    const text = this.data.text.trim();
    if (!text) {
      tell({ detail: "请先写下您想问的。" });
      return;
    }
    await this.does(async () => {
      const answer = await client.questions.ask({ text }, { idempotencyKey: this.data.askKey || undefined });
      // What to do now is shown before anything else is asked of the network.
      this.setData({ text: "", card: answer.advice });
      this.setData({ asked: await client.questions.show(answer.id) });
      await this.look();
    });
  },

  /** Asks what was suggested. @param {any} event */
  async askSuggested(event) {
    this.setData({ text: event.currentTarget.dataset.question, askKey: client.newId() });
    await this.ask();
  },

  /** Opens a question that was asked before. @param {any} event */
  async open(event) {
    const { id } = event.currentTarget.dataset;
    await this.does(async () => this.setData({ asked: await client.questions.show(id), message: "" }));
  },

  async handOver() {
    await this.does(async () => this.setData({ asked: await client.questions.handOver(this.data.asked.id) }));
  },

  async notUrgent() {
    await this.does(async () => this.setData({ asked: await client.questions.notUrgent(this.data.asked.id), card: null }));
  },

  async writeOn() {
    const text = this.data.message.trim();
    if (!text) return;
    await this.does(async () => {
      const asked = await client.questions.writeOn(this.data.asked.id, { text });
      this.setData({ asked, message: "", card: asked.advice });
    });
  },

  async rateHelpful() {
    await this.rate(true);
  },

  async rateUnhelpful() {
    await this.rate(false);
  },

  /** @param {boolean} helpful */
  async rate(helpful) {
    await this.does(async () => {
      await client.questions.rate(this.data.asked.id, { helpful });
      this.setData({ "asked.helpful": helpful });
    });
  },

  /** The yes to these very words, asked only of who was not helped. */
  async lendWords() {
    await this.does(async () => {
      await client.questions.rate(this.data.asked.id, { helpful: false, may_use_words: true });
      this.setData({ "asked.may_use_words": true });
    });
  },

  /** Does it; a refusal is told in the server's sentence, and the card it carries is shown. @param {() => Promise<void>} act */
  async does(act) {
    try {
      await act();
    } catch (error) {
      const { advice } = /** @type {any} */ (error);
      if (advice) this.setData({ card: advice });
      tell(error);
    }
  },

  call120() {
    wx.makePhoneCall({ phoneNumber: EMERGENCY });
  },

  closeCard() {
    this.setData({ card: null });
  },

  goToMe() {
    wx.switchTab({ url: "/pages/me/me" });
  },
});
