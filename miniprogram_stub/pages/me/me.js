// @ts-check
"use strict";

const { currentEnrolment, tell } = require("../../shown");

const { inDevelopment } = getApp();
/** @type {import("../../shown").Client} */
const client = getApp().client;

/** A code from WeChat that says who is holding the phone. @returns {Promise<string>} */
const wechatCode = () => new Promise((resolve, reject) => {
  wx.login({
    success: ({ code }) => resolve(code),
    fail: () => reject(Object.assign(new Error("no code"), { detail: "微信没有应答，请稍后再试。" })),
  });
});

Page({
  data: {
    inDevelopment,
    developmentName: "",
    signedIn: false,
    nickname: "",
    /** @type {import("../../client/consents").ConsentDocument[]} */
    documents: [],
    reading: "",
    /** @type {any} */
    enrolment: null,
    code: "",
    /** @type {any} */
    found: null,
    boardChoice: "",
    /** Made when a class is found, so that a second tap joins once. */
    joinKey: "",
  },

  async onShow() {
    this.setData({ signedIn: client.session.person() !== null });
    if (this.data.signedIn) await this.look().catch(tell);
  },

  /** Shows who this is, what they have not agreed to yet, and where they are enrolled. */
  async look() {
    const [me, documents, consents, enrolment] = await Promise.all([
      client.people.me(), client.consents.documents(), client.consents.page({ limit: 100 }), currentEnrolment(client),
    ]);
    const given = consents.items.filter((one) => !one.withdrawn_at);
    this.setData({
      nickname: me.nickname || "",
      documents: documents.items.filter((paper) =>
        !given.some((one) => one.document_id === paper.id && one.version === paper.version)),
      enrolment,
    });
  },

  /** Takes what was typed or chosen; data-name says which field it is. @param {any} event */
  fill(event) {
    this.setData({ [event.currentTarget.dataset.name]: event.detail.value });
  },

  async signIn() {
    const { developmentName } = this.data;
    try {
      await client.session.start({ code: developmentName ? `dev:${developmentName}` : await wechatCode() });
      await this.onShow();
    } catch (error) {
      tell(error);
    }
  },

  async signOut() {
    const gone = { signedIn: false, nickname: "", documents: [], enrolment: null, found: null, code: "" };
    await client.session.end().catch((/** @type {any} */ error) => { if (error.code !== "offline") tell(error); });
    this.setData(gone);
  },

  async saveNickname() {
    try {
      await client.people.change({ nickname: this.data.nickname });
      wx.showToast({ title: "改好了" });
    } catch (error) {
      tell(error);
    }
  },

  /** Opens a document to read, or closes it. @param {any} event */
  read(event) {
    const { id } = event.currentTarget.dataset;
    this.setData({ reading: this.data.reading === id ? "" : id });
  },

  /** @param {any} event */
  async agree(event) {
    const paper = this.data.documents.find((one) => one.id === event.currentTarget.dataset.id);
    if (!paper) return;
    try {
      await client.consents.give({ document_id: paper.id, version: paper.version, given_by: "self" });
      this.setData({ documents: this.data.documents.filter((one) => one !== paper), reading: "" });
    } catch (error) {
      tell(error);
    }
  },

  async findClass() {
    const code = this.data.code.trim();
    if (!code) return;
    try {
      this.setData({ found: await client.classes.byCode(code), boardChoice: "", joinKey: client.newId() });
    } catch (error) {
      tell(error);
    }
  },

  async join() {
    const { boardChoice, code, joinKey } = this.data;
    if (!boardChoice) {
      tell({ detail: "请先选一下：排行榜上要不要显示您的昵称。" });
      return;
    }
    try {
      const asked = { join_code: code.trim(), board_visible: boardChoice === "yes" };
      const enrolment = await client.enrolments.join(asked, { idempotencyKey: joinKey });
      this.setData({ enrolment, found: null, code: "" });
    } catch (error) {
      // Refused once is refused for good under the same key; what is tried next is a new request.
      if (/** @type {any} */ (error).code !== "offline") this.setData({ joinKey: client.newId() });
      tell(error);
    }
  },
});
