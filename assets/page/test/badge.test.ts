import assert from "node:assert/strict";
import test from "node:test";
import { keyBytes, mac, scanned, typed } from "../src/page/badge";
import { Ring } from "../src/page/ring";
import { hex } from "../src/page/sha256";

const key = "B8VGCY808X3A9SFJTPFTWG4Z18";

test("the address of a badge", () => {
  assert.deepEqual(scanned("#b=00CWBCZGNJ&k=" + key), { number: 12, key });
  assert.deepEqual(scanned("#b=00cwbczgnj&k=" + key.toLowerCase()), { number: 12, key });
  assert.deepEqual(scanned("#b=ZZZ6JEW9JE&k=WD919SSYB8ER05H4JFD06T47E4"), { number: 32767, key: "WD919SSYB8ER05H4JFD06T47E4" });
  for (const text of ["", "#", "#482163", "#b=00CWBCZGNJ", "#b=00CWBCZGNJ&k=" + key.slice(1), "#b=00CWBCZGN&k=" + key, "#b=00CWBCZGNU&k=" + key, "#b=000WBCZGNJ&k=" + key, "#b=00CWBCZGNJ&k=" + key + "0", "#b=00CWBCZGNJ&k=U" + key.slice(1), "#k=" + key]) {
    assert.equal(scanned(text), null, text);
  }
});

test("what people type", () => {
  for (const text of ["001N9EC02Q", "001n9ec02q", "OO1N9 EC02Q", "ool-n9e-co2q", "００ｌｎ９　ｅｃｏ２ｑ", "001N9 EC02Q more"]) {
    assert.equal(typed(text), "001N9EC02Q", text);
  }
  assert.equal(typed("石虎u"), "");
  assert.equal(typed("001N9"), "001N9");
});

// The figures of sync/badge's own tests.
test("keys and signatures are the hub's", () => {
  assert.equal(hex(keyBytes(key)!), "5a370679004746a4e5f2d59fae409f0a");
  assert.equal(hex(keyBytes("R0SJW45PG7ABH74CP1W63CXTP4")!), "c0332e10b681d4b89c8cb07861b3bab1");
  const call = { method: "POST", path: "/api/v1/items?x=1", session: "04" + "00".repeat(15), epoch: "ab".repeat(16), token: "cd".repeat(32), counter: 7, body: '{"items":[],"名":"石虎"}' };
  assert.equal(mac(call, key), "107cf61216fe382fe3a7797491d4fdb8d3a1b75dccd9664d5fe9692f87b6a965");
  const last = { ...call, method: "GET", path: "/api/v1/live", counter: Number.MAX_SAFE_INTEGER, body: "" };
  assert.equal(mac(last, key), "95b21b792b9176733ec85ff09aa8d2496fb8b182aa320298df9894a0206749b9");
});

test("the ring of keys", () => {
  const ring = new Ring();
  const told = { session: "s", epoch: "e" };
  const counter = (token: string) => Number(ring.sign(token, "GET", "/", told, "").split(" ")[3]);
  ring.add("one", 12, key);
  ring.add("two", 12, "");
  ring.add("three", 13, key);
  assert.ok(ring.signs("one") && !ring.signs("two") && !ring.signs("nobody"));
  assert.ok(ring.has("one", key) && !ring.has("two", key) && !ring.has("nobody", key));
  assert.deepEqual(ring.others("one", 12), ["two"]);
  assert.deepEqual([counter("one"), counter("one"), counter("three"), counter("one")], [1, 2, 1, 3]);
  ring.add("one", 12, key); // a join that is tried again goes on counting
  ring.raise("one", 40);
  ring.raise("one", 7);
  assert.equal(counter("one"), 41);
  assert.equal(ring.sign("nobody", "GET", "/", told, ""), "");
  assert.equal(new Ring().sign("one", "GET", "/x", told, "b"), ["Badge", "one", "e", 42, mac({ method: "GET", path: "/x", session: "s", epoch: "e", token: "one", counter: 42, body: "b" }, key)].join(" "));
  ring.keep(["two"]);
  assert.ok(!ring.signs("one") && !ring.signs("three"));
  assert.deepEqual(ring.others("one", 12), ["two"]);
  ring.keep([]);
});
