// The statements: what waits for a decision first, then all that are live.
import { useState } from "preact/hooks";
import type { HostState, HostStatement } from "../hub/types";
import { Bar, Counts, Fine, StatementText } from "../look/parts";
import { currentLanguage, dotted, t } from "../words/words";
import type { HostProps, ViewProps } from "./frame";
import { ShowSwitch, Switch } from "./show";

export function StatementsView({ host, state }: ViewProps) {
  const by = (wanted: string) => state.statements.filter((one) => one.state === wanted);
  const pending = by("pending").concat(state.statements.filter((one) => one.look && one.state !== "pending"));
  const rest = by("approved").concat(by("hidden"), by("removed")).filter((one) => !one.look);
  return (
    <div class="columns wide-first">
      <section class="card">
        <h2 class="with-chips">
          {t("host.statements")}{" "}
          {pending.length > 0 && <span class="chip wait">{t("host.waiting_for_you", { N: pending.length })}</span>}{" "}
          <span class="chip">{t("host.live", { N: by("approved").length })}</span>{" "}
          {by("hidden").length > 0 && <span class="chip">{t("host.hidden", { N: by("hidden").length })}</span>}
        </h2>
        {state.late_votes > 0 && !(host.viewed && host.viewed.open) && <p class="waiting"><Fine text={t("host.late_votes", { N: state.late_votes })} /></p>}
        {state.statements.length === 0 && <div class="nothing"><p><strong>{t("host.none_yet")}</strong></p><p class="quiet"><Fine text={t("host.none_yet_help")} /></p></div>}
        <ul class="statements">
          {pending.map((one, i) => <Line key={one.id} host={host} state={state} one={one} filled={i === 0 && host.running !== null} />)}
          {rest.map((one) => <Line key={one.id} host={host} state={state} one={one} filled={false} />)}
        </ul>
      </section>
      <div class="side">
        <section class="card">
          <h2>{t("host.show_title")}</h2>
          <ShowSwitch host={host} state={state} what="results" />
          {!state.shown.results && <p class="quiet small"><Fine text={t("host.results_hidden")} /></p>}
        </section>
        <section class="card">
          <Switch name={t("host.moderated")} on={state.settings["moderated"] === "on"} turn={(on) => void host.act({ act: "set", field: "moderated", value: on ? "on" : "off" })} />
        </section>
        <AddCard host={host} />
      </div>
    </div>
  );
}

function Line({ host, state, one, filled }: HostProps & { state: HostState; one: HostStatement; filled: boolean }) {
  const decide = (what: string) => void host.act({ act: "statement", id: one.id, do: what, reason: "" });
  const waiting = one.state === "pending" || one.look;
  const off = one.state === "hidden" || one.state === "removed";
  return (
    <li class={off ? "off" : ""}>
      <div>
        <StatementText statement={one} />
        <p class="quiet small">{facts(one)}</p>
        {state.shown.results && one.votes > 0 && <><Bar {...one} /><Counts {...one} /></>}
      </div>
      <div class="acts">
        {waiting && <button class={filled ? "filled" : ""} onClick={() => decide("approve")}>{t("host.approve")}</button>}
        {off && !one.look && <button onClick={() => decide("pending")}>{t("host.restore")}</button>}
        {!off && <button class={waiting ? "" : "plain"} onClick={() => host.ask({ kind: "not_now", id: one.id, text: one.text })}>{t("host.not_now")}…</button>}
      </div>
    </li>
  );
}

function facts(one: HostStatement): string {
  const parts: string[] = [];
  if (one.look) parts.push(t("host.look"));
  if (one.seed) parts.push(t("host.seed"));
  if (one.state === "pending") parts.push(t("host.new"));
  if (one.state === "hidden" || one.state === "removed") parts.push(t(`write.${one.state}`));
  if (one.reason) parts.push(t("write.reason", { Reason: one.reason }));
  if (one.state === "approved") parts.push(t("host.votes", { N: one.votes }));
  return dotted(parts);
}

function AddCard({ host }: HostProps) {
  const [text, setText] = useState("");
  const add = async (event: Event) => {
    event.preventDefault();
    if (text.trim() !== "" && (await host.act({ act: "add", text: text.trim(), lang: currentLanguage() }))) setText("");
  };
  return (
    <section class="card">
      <form onSubmit={add}>
        <label for="add">{t("host.add")}</label>
        <textarea id="add" rows={3} value={text} onInput={(event) => setText((event.target as HTMLTextAreaElement).value)} />
        <button type="submit" disabled={text.trim() === ""}>{t("host.add_go")}</button>
      </form>
    </section>
  );
}
