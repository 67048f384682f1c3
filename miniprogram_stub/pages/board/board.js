// @ts-check
"use strict";

const { currentEnrolment, tell } = require("../../shown");

/** @type {import("../../shown").Client} */
const client = getApp().client;

/** @type {{value: "points"|"streak"|"check_ins", text: string}[]} */
const METRICS = [
  { value: "points", text: "积分" }, { value: "streak", text: "连续天数" }, { value: "check_ins", text: "打卡次数" },
];
/** @type {{value: "day"|"week"|"camp", text: string}[]} */
const PERIODS = [{ value: "day", text: "今天" }, { value: "week", text: "本周" }, { value: "camp", text: "全营" }];

Page({
  data: {
    signedIn: false,
    classId: "",
    metrics: METRICS,
    periods: PERIODS,
    metric: METRICS[0].value,
    period: PERIODS[2].value,
    /** @type {import("../../client/leaderboards").Place[]} */
    places: [],
    /** @type {{rank: number, score: number}|null} */
    me: null,
    total: 0,
    /** @type {string|null} */
    next: null,
  },

  async onShow() {
    this.setData({ signedIn: client.session.person() !== null, classId: "" });
    if (!this.data.signedIn) return;
    try {
      const enrolment = await currentEnrolment(client);
      if (!enrolment) return;
      this.setData({ classId: enrolment.class.id });
      await this.load(null);
    } catch (error) {
      tell(error);
    }
  },

  /** Shows a page of the board, from the top when there is no cursor. @param {string|null} after */
  async load(after) {
    const { classId, metric, period } = this.data;
    const board = await client.leaderboards.show({ class_id: classId, metric, period, after: after || undefined });
    // Somebody who taps fast may have asked for another board meanwhile.
    if (metric !== this.data.metric || period !== this.data.period) return;
    this.setData({
      places: after ? this.data.places.concat(board.items) : board.items,
      me: board.me,
      total: board.total,
      next: board.next,
    });
  },

  /** @param {any} event data-metric or data-period */
  async choose(event) {
    const { metric = this.data.metric, period = this.data.period } = event.currentTarget.dataset;
    this.setData({ metric, period });
    await this.load(null).catch(tell);
  },

  async more() {
    const { next } = this.data;
    // The cursor is used once: a second tap would show the same places twice.
    this.setData({ next: null });
    if (next) await this.load(next).catch(tell);
  },
});
