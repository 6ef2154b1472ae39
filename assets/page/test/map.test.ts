import assert from "node:assert/strict";
import test from "node:test";
import type { Apart, OpinionMap, Scene } from "../src/hub/types";
import { apartText } from "../src/map/apart";
import { starts } from "../src/map/glide";
import { placeLabels, textWidth, Wanted } from "../src/map/labels";
import { missing, sentences } from "../src/map/sentences";
import { shapeOf, shapePath } from "../src/map/shapes";

const mark = (x: number, y: number, group: string, people = 1) => ({ x, y, group, people });

function scene(): Scene {
  return {
    marks: [mark(0.1, 0.1, "A", 3), mark(0.2, 0.1, "A"), mark(0.9, 0.1, "B", 2), mark(0.3, 0.2, "C", 5)],
    hulls: [],
    labels: ["A", "B", "C"].map((group, i) => ({ group, people: [4, 2, 5][i] as number, x: 0, y: 0, ax: 0, ay: 0 })),
  };
}

// The texts are in Chinese until somebody chooses otherwise.
test("the map in at most three sentences", () => {
  const map: OpinionMap = { groups_found: true, missing: null, scene: scene() };
  assert.deepEqual(sentences(map), ["地圖上有 11 人，分成 3 個意見群。", "A 群和 B 群離得最遠。", "A 群和 C 群離得最近。"]);
  assert.deepEqual(sentences({ ...map, you: { x: 0, y: 0, group: "C" } })[2], "你在意見群 C。");
  assert.deepEqual(sentences({ ...map, groups_found: false }), ["地圖上有 11 人，目前看不出分群。"]);
});

test("hardly anybody is not nobody", () => {
  const apart = (direction: string, elsewhere: number) => apartText("A", { id: "", direction, agree: 9, votes: 10, elsewhere } as Apart);
  assert.equal(apart("agree", 0.04), "A 群 10 票有 9 票同意；其他人幾乎沒有");
  assert.equal(apart("disagree", 0.04), "A 群 10 票有 9 票不同意；其他人幾乎沒有");
  assert.equal(apart("agree", 0), "A 群 10 票有 9 票同意；其他人每 10 票約 0 票");
  assert.equal(apart("disagree", 0.06), "A 群 10 票有 9 票不同意；其他人每 10 票約 1 票");
});

test("what is missing, also in sentences that this page does not know", () => {
  const none: OpinionMap = { groups_found: false, missing: [{ id: "missing.people", args: { N: "3" } }, { id: "missing.from_the_future" }], scene: null };
  assert.deepEqual(missing(none), ["還要再 3 人多回答幾題，才畫得出地圖。", "回答再多一點就畫得出來。"]);
  assert.equal(missing({ groups_found: false, missing: null, scene: null }).length, 1);
});

test("labels cover no mark and no other label where there is room", () => {
  const marks = Array.from({ length: 60 }, (_, i) => ({ x: 400 + (i % 10) * 20, y: 300 + Math.floor(i / 10) * 20 }));
  const wanted: Wanted[] = [1, 2, 3].map(() => ({ x: 480, y: 280, ax: 480, ay: 320, w: 120, h: 30 }));
  const boxes = placeLabels(wanted, { marks, width: 1000, height: 750 });
  boxes.forEach((box, i) => {
    assert.ok(box.x >= 60 && box.x <= 940 && box.y >= 15 && box.y <= 735, "inside");
    assert.ok(!marks.some((m) => Math.abs(m.x - box.x) < 60 && Math.abs(m.y - box.y) < 15), "covers a mark");
    boxes.slice(i + 1).forEach((other) => assert.ok(Math.abs(other.x - box.x) >= 120 || Math.abs(other.y - box.y) >= 30, "labels overlap"));
  });
});

test("a label stays where the scene wants it when it covers nothing", () => {
  const [box] = placeLabels([{ x: 200, y: 100, ax: 300, ay: 200, w: 100, h: 30 }], { marks: [{ x: 400, y: 300 }], width: 1000, height: 750 });
  assert.deepEqual(box, { x: 200, y: 100, w: 100, h: 30 });
});

test("marks start from the nearest of their group", () => {
  const before = [mark(0.1, 0.1, "A"), mark(0.2, 0.2, "B")];
  const after = [mark(0.21, 0.2, "A"), mark(0.2, 0.21, "B"), mark(0.5, 0.5, "B")];
  assert.deepEqual(starts(before, after), [before[0], before[1], after[2]]);
  assert.equal(starts([], after), after);
});

test("every group has a shape of its own", () => {
  const paths = ["A", "B", "C", "D", "E", ""].map((group) => shapePath(shapeOf(group), 10));
  assert.equal(new Set(paths).size, 6);
});

test("widths of labels", () => {
  assert.equal(textWidth("群群"), 2);
  assert.ok(textWidth("A · 24 people") < 9);
});
