// Tables: made, looked at, announced. Each table's mix is shown, never a
// person's group.
import { useState } from "preact/hooks";
import type { Plan, PlanTable } from "../hub/types";
import { Fine } from "../look/parts";
import { groupClass } from "../map/shapes";
import { dotted, personName, t } from "../words/words";
import type { ViewProps } from "./frame";
import { ShowSwitch, Switch } from "./show";

const modes = ["mixed", "alike", "answer", "random"];
const seatChoices = [3, 4, 5, 6, 7, 8];

export function TablesView({ host, state }: ViewProps) {
  const plan = state.plan;
  const [chosen, setMode] = useState("");
  const mode = chosen || (plan ? plan.mode : "mixed");
  const [least, setLeast] = useState(4);
  const [most, setMost] = useState(8);
  const make = () => void host.act({ act: "plan", mode, min: least, max: Math.max(least, most), seed: plan && plan.mode === mode ? plan.seed + 1 : 1 });
  const open = host.viewed !== null && host.viewed.open;
  return (
    <>
      <div class="table-tools">
        <div class="modes" role="group" aria-label={t("host.tables")}>
          {modes.map((one) => <button key={one} aria-pressed={one === mode} onClick={() => setMode(one)}>{t(`host.${one}`)}</button>)}
        </div>
        <fieldset class="seats">
          <legend>{t("host.seats")}</legend>
          <Seats id="least" label={t("host.seats_min")} value={least} set={setLeast} />
          <Seats id="most" label={t("host.seats_max")} value={most} set={setMost} />
        </fieldset>
        <div class="acts">
          <button class={open && !plan ? "filled" : ""} onClick={make}>{t(plan ? "host.plan_again" : "host.plan")}</button>
          {plan && plan.mode === mode && (plan.announced
            ? <span class="badge">{t("host.announced")}</span>
            : <button class={open ? "filled" : ""} onClick={() => host.ask({ kind: "announce", mode: plan.mode })}>{t("host.announce")}</button>)}
        </div>
      </div>
      {mode === "alike" && <p class="waiting"><Fine text={t("host.announce_alike")} /></p>}
      {plan && plan.superseding && <p class="waiting"><Fine text={t("host.plan_other")} /></p>}
      {plan && plan.mode !== mode && <p class="quiet"><Fine text={t("host.plan_mode", { Mode: t(`host.${plan.mode}`) })} /></p>}
      {plan ? <Planned plan={plan} /> : (
        <section class="card nothing">
          <h2>{t("host.no_plan")}</h2>
          <p class="quiet"><Fine text={t("host.no_plan_help")} /></p>
        </section>
      )}
      <section class="card switches">
        <Switch name={t("host.show_tables")} on={state.shown.tables} turn={(on) => (on ? host.ask({ kind: "announce", mode: plan ? plan.mode : "" }) : void host.act({ act: "show", what: "tables", on }))} />
        <ShowSwitch host={host} state={state} what="devices_down" />
      </section>
    </>
  );
}

function Seats({ id, label, value, set }: { id: string; label: string; value: number; set: (n: number) => void }) {
  return (
    <label for={id}>
      {label}{" "}
      <select id={id} value={value} onChange={(event) => set(Number((event.target as HTMLSelectElement).value))}>
        {seatChoices.map((n) => <option key={n} value={n}>{n}</option>)}
      </select>
    </label>
  );
}

function Planned({ plan }: { plan: Plan }) {
  return (
    <>
      {plan.late > 0 && <p class="waiting"><Fine text={t("host.late", { N: plan.late })} /></p>}
      <ul class="plan">
        {plan.tables.map((table) => (
          <li class="card" key={table.number}>
            <h2>{t("table.number", { N: table.number })} <small>{t("person.count", { N: table.people.length })}</small></h2>
            <Mix table={table} />
            <ul>{table.people.map((seat) => <li key={seat.number}>{personName(seat)}</li>)}</ul>
          </li>
        ))}
      </ul>
      {(plan.uneven >= 0 || plan.unseated > 0) && (
        <p class="card fair">
          {plan.uneven >= 0 && t("host.fair", { E: plan.uneven.toFixed(2) })}
          {plan.unseated > 0 && <strong> {t("host.unseated", { N: plan.unseated })}</strong>}
        </p>
      )}
    </>
  );
}

function Mix({ table }: { table: PlanTable }) {
  const groups = table.groups || {};
  const letters = Object.keys(groups).sort();
  const sum = letters.reduce((n, letter) => n + (groups[letter] || 0), 0);
  if (sum === 0) return null;
  const said = dotted(letters.map((letter) => letter + " " + groups[letter]));
  return (
    <div class="mix" role="img" aria-label={t("host.mix") + " " + said}>
      {letters.map((letter) => <span key={letter} class={groupClass(letter)} style={{ width: (100 * (groups[letter] || 0)) / sum + "%" }}>{letter} {groups[letter]}</span>)}
    </div>
  );
}
