// What becomes of an item that was sent, on the person's screen. Of what an earlier
// person of a shared device did, only that something was not taken shows, never what.
import type { Cell, Value } from "../hub/types";
import type { Item } from "../outbox/item";
import type { Outcomes } from "../outbox/outbox";
import type { Model } from "./model";

export function outcomes(model: Model): Outcomes {
  return {
    changed: (items) => model.wait(items),
    saved: (item, late) => {
      if (!model.mine(item)) return;
      if (late) {
        // It is not counted, so it is asked for again should voting go on.
        if (item.kind === "vote" && model.identity) model.change({ votes: without(model.identity.votes, item) });
        model.notice = { kind: "late" };
      }
      if (item.kind === "statement") model.received();
      model.draw();
    },
    stale: (item, rev, value) => {
      if (!model.mine(item)) return;
      take(model, item, { value, rev });
      if (item.kind !== "person") model.notice = { kind: "newer" };
      model.draw();
    },
    refused: (item, reason, limit) => {
      if (model.mine(item)) return refuse(model, item, reason, limit);
      // Whoever holds the device now may still tell the person before.
      model.notice = { kind: "refused_before", reason, limit };
      model.draw();
    },
    unknown: (token) => void model.unknown(token),
  };
}

/** The hub's value in place of one's own. */
function take(model: Model, item: Item, cell: Cell<Value>): void {
  if (!model.identity) return;
  if (item.kind === "vote") model.change({ votes: { ...model.identity.votes, [item.key]: cell as Cell<string> } });
  if (item.kind === "answer") model.change({ answers: { ...model.identity.answers, [item.key]: cell as Cell<number> } });
}

/** Says why, and gives the person back what they wrote. */
function refuse(model: Model, item: Item, reason: string, limit: number): void {
  const identity = model.identity;
  if (!identity) return;
  if (item.kind === "vote") model.change({ votes: without(identity.votes, item) });
  if (item.kind === "answer") model.change({ answers: without(identity.answers, item) });
  if (item.kind === "statement" && typeof item.value === "object" && identity.draft === "") {
    model.wish = "write";
    model.change({ draft: item.value.text });
  }
  model.notice = { kind: "refused", reason, limit };
  model.refresh();
  model.draw();
}

function without<V>(cells: Record<string, Cell<V>>, item: Item): Record<string, Cell<V>> {
  const rest = { ...cells };
  const cell = rest[item.key];
  if (cell && cell.rev <= item.rev) delete rest[item.key];
  return rest;
}
