"use strict";

// Questions on a live server: `node questions.js http://127.0.0.1:PORT`. Wang asks, is refused, has an emergency, asks for
// a person and is answered by nurse Hui; the assistant and a stranger see nothing of it.

const assert = require("node:assert/strict");

const { createClient, ProblemError } = require("../../client");
const { nodePlatform } = require("../../client/node");
const { all, arrive, twice } = require("./people");

const NOON = "2026-03-02T12:00:00+08:00";
const HALF_PAST = "2026-03-02T12:30:00+08:00";
const CANARY = "芦花鸡在后院数云彩";

/** Somebody signed in by name. */
async function signedIn(baseUrl, name) {
  const client = createClient({ baseUrl, platform: nodePlatform() });
  await client.session.start({ code: `dev:${name}` });
  return client;
}

/** The class with Wang in it and Hui as its nurse. */
async function gather(baseUrl) {
  const setting = createClient({ baseUrl, platform: nodePlatform() });
  await setting.dev.setClock("2026-03-01T20:00:00+08:00");
  const admin = await signedIn(baseUrl, "admin");
  const [hospital] = await all((page) => admin.organisations.page(page));
  const draft = await admin.camps.create({
    organisation_id: hospital.id, template: "standard-28", name: "春季营", starts_on: "2026-03-02" });
  const camp = await admin.camps.openCamp(draft.id);
  const group = await admin.classes.create({ camp_id: camp.id, name: "晨光班", capacity: 30 });
  const wang = createClient({ baseUrl, platform: nodePlatform() });
  await arrive(wang, "wang", "桂兰");
  await wang.enrolments.join({ join_code: group.join_code, board_visible: true });
  const hui = await signedIn(baseUrl, "hui");
  await admin.people.grantRole(hui.session.person().id, {
    role: "nurse", scope_type: "class", scope_id: group.id, credential: "沪护 0001" });
  const helper = await signedIn(baseUrl, "helper");
  await admin.people.grantRole(helper.session.person().id, {
    role: "assistant", scope_type: "organisation", scope_id: hospital.id });
  await setting.dev.setClock(NOON);
  return { admin, wang, hui, helper, stranger: await signedIn(baseUrl, "stranger"), setting };
}

/** The refusal that is due. */
async function refused(asking, status, code) {
  await assert.rejects(asking, (problem) => {
    assert.ok(problem instanceof ProblemError);
    assert.deepEqual([problem.status, problem.code], [status, code]);
    return true;
  });
}

/** Asking: an answer at once, one question however often the button is tapped, and a dose refused. */
async function asks(wang) {
  const idempotencyKey = wang.newId();
  const [answer, again] = await twice(() =>
    wang.questions.ask({ text: "怎样才算合格的空腹血糖？", about: "self" }, { idempotencyKey }));
  assert.equal(answer.id, again.id, "two taps are one question");
  assert.deepEqual([answer.kind, answer.topic], ["answered", "fasting_definition"]);
  assert.ok(answer.source && answer.topic_version && answer.rule_id);
  const dose = await wang.questions.ask({ text: "我的二甲双胍能不能自己从一片加到两片？" });
  assert.deepEqual([dose.kind, dose.ticket.need, dose.ticket.status], ["dose_refusal", "medical", "open"]);
  return dose;
}

/** An emergency: what to do first, and one tap that calls it off. */
async function isInDanger(wang) {
  const danger = await wang.questions.ask({ text: "我胸口痛得厉害，喘不上气，出冷汗" });
  assert.deepEqual([danger.kind, danger.advice.call_120, danger.ticket.need], ["emergency", true, "urgent"]);
  assert.ok(danger.advice.steps.length > 0);
  const after = await wang.questions.ask({ text: "怎样才算合格的空腹血糖？" });
  assert.match(after.answer, /^先问/);
  const off = await wang.questions.notUrgent(danger.id);
  assert.equal(off.ticket.status, "closed");
  const calm = await wang.questions.ask({ text: "怎样才算合格的空腹血糖？" });
  assert.doesNotMatch(calm.answer, /^先问/);
}

/** A question handed over, answered by the nurse, rated; who may not see it does not. */
async function isAnswered({ wang, hui, helper, stranger, setting }) {
  const question = await wang.questions.ask({ text: `${CANARY}，这样要紧吗` });
  assert.equal(question.kind, "unsure");
  assert.equal(question.suggestions.length, 3);
  const [handed, again] = await twice(() => wang.questions.handOver(question.id));
  assert.equal(handed.ticket.id, again.ticket.id, "two taps are one ticket");
  assert.match(handed.ticket.says, /最晚今天 14:00 回复/);
  const ticket = handed.ticket.id;
  await refused(helper.questions.take(ticket), 403, "forbidden");
  await refused(stranger.questions.take(ticket), 404, "not_found");
  await refused(stranger.questions.show(question.id), 404, "not_found");
  const taken = await hui.questions.take(ticket);
  assert.match(taken.text, /^芦花鸡/);
  await setting.dev.setClock(HALF_PAST);
  await refused(hui.questions.reply(ticket, { text: "二甲双胍先加到两片吧。" }), 409, "reply_names_dose");
  const replied = await hui.questions.reply(ticket, { text: "听着不要紧，您先好好休息，明天再看看。" });
  assert.equal(replied.first_reply_at, "2026-03-02T04:30:00Z");
  const thread = await wang.questions.show(question.id);
  const [message] = thread.thread;
  assert.deepEqual([message.label, message.author.name, message.author.credential], ["健康咨询", "hui", "沪护 0001"]);
  const on = await wang.questions.writeOn(question.id, { text: "好，我照做" });
  assert.deepEqual([on.ticket.status, on.thread.length], ["open", 2]);
  assert.equal((await hui.questions.close(ticket)).status, "closed");
  const rated = await wang.questions.rate(question.id, { helpful: false, may_use_words: true });
  assert.equal(rated.helpful, false);
  return question;
}

/** What was not answered becomes a topic, and the topic answers. */
async function becomesATopic({ admin, wang }, question) {
  const { items } = await admin.questions.unanswered();
  const group = items.find((one) => one.from_question_id === question.id);
  assert.equal(group.words.length, 1);
  const made = await admin.questions.createTopic({ from_question_id: group.from_question_id });
  const published = await admin.questions.changeTopic(made.slug, { status: "published" });
  assert.equal(published.status, "published");
  const answer = await wang.questions.ask({ text: `${CANARY}，这样要紧吗` });
  assert.deepEqual([answer.kind, answer.topic], ["answered", made.slug]);
  assert.ok((await all((page) => admin.questions.topicsPage(page))).some(({ slug }) => slug === made.slug));
}

async function main(baseUrl) {
  const people = await gather(baseUrl);
  const dose = await asks(people.wang);
  await isInDanger(people.wang);
  const question = await isAnswered(people);
  await becomesATopic(people, question);
  const waiting = await all((page) => people.hui.questions.ticketsPage(page));
  assert.deepEqual(waiting.map(({ question_id: id }) => id), [dose.id], "what nobody has answered still waits");
  const mine = await all((page) => people.wang.questions.mine(page));
  assert.ok(mine.every(({ text }) => text));
  console.log("问完了：答了，拒了，救了，转了，回了，评了。");
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
