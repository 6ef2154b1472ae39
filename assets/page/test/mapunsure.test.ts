import assert from "node:assert/strict";
import test from "node:test";
import type { Mark, OpinionMap, Scene } from "../src/hub/types";
import { between, glide, transform } from "../src/map/glide";
import { placeLabels, Wanted } from "../src/map/labels";
import { legendKeys, lightKey } from "../src/map/legend";
import { firstHelp, sentences, uncertain, unsure } from "../src/map/sentences";
import { groupClass, shapeOf, shapePath } from "../src/map/shapes";
import { bandFor, discRadius, hollowLine, markRadius, markSize } from "../src/map/sizes";
import { tidy, tidyScene } from "../src/map/tidy";

const mark = (x: number, y: number, group: string, more: Partial<Mark> = {}): Mark => ({ x, y, group, people: 1, ...more });
const label = (group: string, people: number) => ({ group, people, x: 0.5, y: 0.05, ax: 0.5, ay: 0.2 });

function map(marks: Mark[], more: Partial<OpinionMap> = {}): OpinionMap {
  const letters = marks.map((one) => one.group).filter((one, i, all) => one !== "" && all.indexOf(one) === i);
  return { groups_found: letters.length > 0, missing: [], scene: { marks, hulls: [], labels: letters.map((one) => label(one, 1)) }, ...more };
}

test("a legend only where there is something to explain", () => {
  const plain = map([mark(0.1, 0.1, "A"), mark(0.9, 0.1, "B")]).scene as Scene;
  assert.deepEqual(legendKeys(plain, true), []);
  const both = map([mark(0.1, 0.1, "A", { between: true }), mark(0.9, 0.1, "B", { spread: 0.05 })]).scene as Scene;
  assert.deepEqual(legendKeys(both, true), ["map.hollow", "map.soft"]);
  assert.deepEqual(legendKeys(both, false), ["map.soft"], "without groups nobody is between two");
});

test("a light is said unless it is green or unknown", () => {
  assert.deepEqual(["red", "amber", "green", "violet", undefined].map(lightKey), ["desk.map_red", "desk.map_amber", "", "", ""]);
  const missing = [{ id: "missing.votes", args: { N: "7" } }, { id: "missing.half", args: { N: "2" } }];
  assert.equal(firstHelp(map([], { light: "amber", missing })), "還需要大約 7 票。");
  assert.equal(firstHelp(map([], { light: "green", missing })), "");
  assert.equal(firstHelp(map([], { missing })), "", "an older hub says no light");
  assert.equal(firstHelp(map([], { light: "amber", missing: null })), "");
});

test("where the reader is between groups, or has answered little", () => {
  const two = map([mark(0.1, 0.1, "A"), mark(0.9, 0.1, "B")], { you: { x: 0.1, y: 0.1, group: "A", between: true } });
  assert.deepEqual(unsure(two), ["你在意見群 A 和 B 之間。"]);
  assert.equal(sentences(two)[2], "你在意見群 A 和 B 之間。");
  const three = map([mark(0.1, 0.1, "A", { spread: 0.1 }), mark(0.9, 0.1, "B"), mark(0.5, 0.6, "C")], { you: { x: 0.1, y: 0.1, group: "A", between: true } });
  assert.deepEqual(unsure(three), ["你在意見群 A 的邊上，介於兩群之間。", "你作答還不多，位置可能還會變。"]);
  assert.equal(sentences(three).length, 3);
  const sure = { ...three, you: { x: 0.9, y: 0.1, group: "B" } };
  assert.deepEqual(unsure(sure), []);
  assert.deepEqual(unsure({ ...sure, you: null }), []);
  // A mark that others share says nothing of the reader alone.
  const shared = map([mark(0.1, 0.1, "A", { spread: 0.1, people: 3 })], { you: { x: 0.1, y: 0.1, group: "A" } });
  assert.deepEqual(unsure(shared), []);
  assert.deepEqual(unsure({ ...shared, you: { x: 0.1, y: 0.1, group: "A", spread: 0.1 } }), ["你作答還不多，位置可能還會變。"]);
});

test("what is uncertain, in counts of people", () => {
  const unclear = map([mark(0.1, 0.1, "A", { between: true, people: 3 }), mark(0.9, 0.1, "B", { spread: 0.02 })]);
  assert.deepEqual(uncertain(unclear), ["有 3 人介於兩群之間。", "有 1 人作答還不多，位置還不確定。"]);
  assert.deepEqual(uncertain({ ...unclear, groups_found: false }), ["有 1 人作答還不多，位置還不確定。"]);
  assert.deepEqual(uncertain({ ...unclear, scene: null }), []);
});

test("a mark that stands behind a disc does not hide it, and a hollow one stays hollow", () => {
  const soft = mark(0, 0, "A", { spread: 0.001, people: 50 });
  assert.ok(discRadius(soft, 10) > markSize(soft, 10) * 1.5);
  assert.equal(discRadius(mark(0, 0, "A", { spread: 0.1 }), 10), 100);
  [1, 4, 12, 40].forEach((size) => [0.2, 1, 4, 30].forEach((unit) => assert.ok(hollowLine(size, unit) / 2 < size && hollowLine(size, unit) > 0)));
});

test("few people are large, many small, and on a wall none is a speck", () => {
  const radii = [0, 1, 8, 50, 300, 2000, 100000].map((n) => markRadius(n, 1, 16));
  radii.slice(1).forEach((radius, i) => assert.ok(radius <= (radii[i] as number), "not larger with more"));
  assert.ok(markRadius(300, 750 / 820, 16) / (750 / 820) >= 7, "300 people at 1920×1080");
  assert.ok(markRadius(50, 1000 / 262, 14) / (1000 / 262) >= 5, "50 people at 320 wide");
});

test("a picture keeps a row of its own for labels only where it is narrow", () => {
  const marks = [mark(0.5, 0.11, "A"), mark(0.5, 0.64, "B")];
  const labels = (w: number, h: number) => [1, 2, 3].map(() => ({ w, h }));
  assert.equal(bandFor(labels(150, 45), marks, 8), 0);
  assert.ok(bandFor(labels(380, 100), marks, 16) >= 100);
  assert.equal(bandFor([], marks, 16), 0);
  assert.ok(bandFor(labels(4000, 100), marks, 16) > 0, "a label wider than the picture");
});

test("labels use the rows above and below a full map", () => {
  const marks = Array.from({ length: 400 }, (_, i) => ({ x: (i % 20) * 50 + 25, y: Math.floor(i / 20) * 37 + 20, r: 18 }));
  const wanted: Wanted[] = [1, 2, 3, 4].map((n) => ({ x: n * 200, y: 60, ax: n * 200, ay: 100, w: 380, h: 100 }));
  const band = 120;
  const boxes = placeLabels(wanted, { marks, width: 1000, height: 750, band });
  boxes.forEach((box, i) => {
    assert.ok(box.y - 50 >= -band && box.y + 50 <= 750 + band && box.x >= 190 && box.x <= 810, "inside");
    assert.ok(!marks.some((m) => Math.abs(m.x - box.x) < 190 + m.r && Math.abs(m.y - box.y) < 50 + m.r), "covers a mark");
    boxes.slice(i + 1).forEach((other) => assert.ok(Math.abs(other.x - box.x) >= 380 || Math.abs(other.y - box.y) >= 100, "labels overlap"));
  });
});

test("a label stays out of the soft outlines where it can", () => {
  const hull = [{ x: 300, y: 100 }, { x: 700, y: 100 }, { x: 700, y: 600 }, { x: 300, y: 600 }];
  const [box] = placeLabels([{ x: 500, y: 200, ax: 500, ay: 300, w: 150, h: 40 }], { marks: [], hulls: [hull], width: 1000, height: 750 });
  assert.ok(box !== undefined && (Math.abs(box.x - 500) >= 275 || Math.abs(box.y - 350) >= 270), JSON.stringify(box));
});

test("marks and discs glide as one, or jump where nothing may move", () => {
  const moved: string[] = [];
  const node = { setAttribute: (_: string, value: string) => moved.push(value) } as unknown as Element;
  const to = [mark(0.2, 0.1, "A")];
  glide([{ node, mark: 0 }, { node, mark: 0 }, { node, mark: 7 }], to, to);
  assert.deepEqual(moved, [transform(to[0] as Mark), transform(to[0] as Mark)]);
  assert.deepEqual(between({ x: 0, y: 0 }, { x: 1, y: 0.5 }, 0.5), { x: 0.5, y: 0.25 });
  assert.deepEqual(between({ x: 0, y: 0 }, { x: 1, y: 0.5 }, 1), { x: 1, y: 0.5 });
});

test("what is broken is not painted, and nothing throws", () => {
  assert.equal(tidyScene(null), null);
  assert.equal(tidyScene({ marks: [], hulls: [], labels: [] }), null);
  const nothing = {} as Scene;
  assert.equal(tidyScene(nothing), null);
  const broken = {
    marks: [null, mark(NaN, 0.1, "A"), mark(5, -3, "Z", { people: -4, spread: 1e9 }), { x: 0.5, y: 0.5 }],
    hulls: [{ group: "A", points: [[0.1, NaN]] }, { group: "A", points: null }, null],
    labels: [{ group: "A", people: NaN, x: 0.1, y: 0.1 }, { group: "B", x: "left" }],
  } as unknown as Scene;
  const scene = tidyScene(broken) as Scene;
  assert.deepEqual(scene.marks, [
    { x: 0.97, y: 0.03, group: "Z", people: 1, between: false, spread: 0.25 },
    { x: 0.5, y: 0.5, group: "", people: 1, between: false, spread: 0 },
  ]);
  assert.deepEqual(scene.hulls, []);
  assert.deepEqual(scene.labels, [{ group: "A", people: 0, x: 0.1, y: 0.1, ax: 0.1, ay: 0.1 }]);
  const odd = tidy({ groups_found: true, missing: null, scene: broken, you: { x: NaN, y: 0, group: "A" } });
  assert.equal(odd.you, null);
  assert.ok(sentences(odd).length > 0 && unsure(odd).length === 0 && uncertain(odd).length === 1);
  assert.equal(tidy({ groups_found: true, missing: null, scene: null }).scene, null);
});

test("one mark, all in one place, and letters that nobody knows", () => {
  const one = map([mark(0.5, 0.375, "A", { people: 12 })]);
  assert.deepEqual(sentences(one), ["地圖上有 12 人，目前看不出分群。"]);
  const heap = map(["A", "B", "C"].map((group) => mark(0.5, 0.375, group, { people: 9 })));
  assert.ok(sentences(heap).every((line) => line.indexOf("NaN") < 0));
  const boxes = placeLabels([1, 2, 3].map(() => ({ x: 500, y: 375, ax: 500, ay: 375, w: 150, h: 40 })), { marks: [{ x: 500, y: 375, r: 30 }], width: 1000, height: 750 });
  boxes.forEach((box, i) => {
    assert.ok(Math.abs(box.x - 500) >= 105 || Math.abs(box.y - 375) >= 50, "covers the mark");
    boxes.slice(i + 1).forEach((other) => assert.ok(Math.abs(other.x - box.x) >= 150 || Math.abs(other.y - box.y) >= 40));
  });
  ["F", "Z", "constructor", "toString", "__proto__", "群"].forEach((letter) => {
    assert.equal(shapeOf(letter), "ring", letter);
    assert.equal(groupClass(letter), "group-none", letter);
    assert.ok(shapePath(shapeOf(letter), 10).indexOf("NaN") < 0);
  });
});

test("no leader runs over another label where it can go elsewhere", () => {
  const wanted: Wanted[] = [{ x: 500, y: 100, ax: 500, ay: 200, w: 150, h: 40 }, { x: 500, y: 40, ax: 500, ay: 300, w: 150, h: 40 }];
  const [first, second] = placeLabels(wanted, { marks: [], width: 1000, height: 750 });
  assert.ok(first !== undefined && second !== undefined);
  if (!first || !second) return;
  for (let i = 0; i <= 50; i++) {
    const x = second.x + ((500 - second.x) * i) / 50;
    const y = second.y + ((300 - second.y) * i) / 50;
    assert.ok(Math.abs(x - first.x) >= 74 || Math.abs(y - first.y) >= 19, JSON.stringify([first, second]));
  }
});
