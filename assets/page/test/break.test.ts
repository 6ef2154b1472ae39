import assert from "node:assert/strict";
import test from "node:test";
import { pieces } from "../src/look/break";

const texts = [
  "請把手機收起來，先聊聊",
  "小廣場最需要的是樹蔭和可以坐的地方。",
  "還要再 3 人多回答幾題，才畫得出意見地圖。",
  "同意",
  "好",
  "",
  "Pineapple belongs on pizza.",
  "用 Wi-Fi 連到 192.168.0.10:8080",
];

test("the pieces of a text are the text, with and without known words", () => {
  for (const text of texts) {
    for (const found of [pieces(text), pieces(text, null)]) {
      assert.equal(found.map((piece) => piece.text).join(""), text);
    }
  }
});

test("no character stands alone at the end", () => {
  for (const text of texts.slice(0, 4)) {
    for (const found of [pieces(text), pieces(text, null)]) {
      const last = found[found.length - 1];
      assert.ok(last && last.whole && last.text.replace(/[^\u4e00-\u9fff]/g, "").length >= 2, text + ": " + JSON.stringify(found));
    }
  }
});

// The words are told by hand here: browsers know different ones.
test("a word stays on one line", () => {
  const told = { segment: (_: string) => ["我", "喜歡", "小廣場", "，", "不要", "停車", "場", "。"].map((segment) => ({ segment })) };
  assert.deepEqual(pieces("我喜歡小廣場，不要停車場。", told), [
    { text: "我", whole: false },
    { text: "喜歡", whole: true },
    { text: "小廣場", whole: true },
    { text: "，", whole: false },
    { text: "不要", whole: true },
    { text: "停車場。", whole: true },
  ]);
});

test("a text of another script may break as it likes", () => {
  assert.deepEqual(pieces("Mostly agree? Press agree"), [{ text: "Mostly agree? Press agree", whole: false }]);
});
