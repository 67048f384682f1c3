// @ts-check
"use strict";

const { DAY_STATES, currentEnrolment, tell } = require("../../shown");

/** @type {import("../../shown").Client} */
const client = getApp().client;

/** @param {import("../../client/streaks").CampDay} day */
function cell({ day, number, state, why }) {
  const { mark, text } = DAY_STATES[state];
  return { day, number, state, mark, text, why: typeof why === "string" ? why : "" };
}

Page({
  data: {
    signedIn: false,
    enrolmentId: "",
    completeDays: 0,
    current: 0,
    longest: 0,
    cards: 0,
    /** @type {ReturnType<typeof cell>[]} */
    days: [],
    /** @type {ReturnType<typeof cell>|null} */
    chosen: null,
    mayMakeUp: false,
  },

  async onShow() {
    this.setData({ signedIn: client.session.person() !== null, chosen: null });
    if (!this.data.signedIn) return;
    try {
      const enrolment = await currentEnrolment(client);
      if (!enrolment) return;
      const streak = await client.streaks.me({ enrolment_id: enrolment.id });
      this.setData({
        enrolmentId: enrolment.id,
        completeDays: streak.complete_days,
        current: streak.current,
        longest: streak.longest,
        cards: streak.makeup_cards_left,
        days: streak.days.map(cell),
      });
    } catch (error) {
      tell(error);
    }
  },

  /** @param {any} event */
  choose(event) {
    const chosen = this.data.days[event.currentTarget.dataset.index];
    const lacking = chosen.state === "missed" || chosen.state === "partial";
    this.setData({ chosen, mayMakeUp: lacking && this.data.cards > 0 });
  },

  async makeUp() {
    const { chosen, enrolmentId } = this.data;
    if (!chosen) return;
    // A second tap finds the button gone.
    this.setData({ mayMakeUp: false });
    try {
      await client.streaks.makeUp({ enrolment_id: enrolmentId, day: chosen.day });
      await this.onShow();
    } catch (error) {
      tell(error);
    }
  },
});
