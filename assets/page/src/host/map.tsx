// The map as the room sees it, and what stands beside it.
import { useMemo } from "preact/hooks";
import type { HostState, Results } from "../hub/types";
import { Bar, Fine, StatementText } from "../look/parts";
import { Picture } from "../map/picture";
import { Chip, Legend } from "../map/legend";
import { missing, sentences } from "../map/sentences";
import { tidy } from "../map/tidy";
import { t } from "../words/words";
import type { ViewProps } from "./frame";
import { apartText, GroupMark, tallyById } from "../map/apart";
import { ShowSwitch } from "./show";

export function MapView({ host, state }: ViewProps) {
  return (
    <div class="columns wide-first">
      <section class="card">
        <h2>{t("map.title")}</h2>
        <MapPart host={host} state={state} />
      </section>
      <div class="side">
        <section class="card">
          <h2>{t("host.show_title")}</h2>
          <ShowSwitch host={host} state={state} what="map" />
          <ShowSwitch host={host} state={state} what="results" />
        </section>
        {state.results && anything(state.results) && <section class="card"><Findings state={state} results={state.results} /></section>}
      </div>
    </div>
  );
}

/** The facilitator sees the map before the room does, and says when to show it. */
function MapPart({ host, state }: ViewProps) {
  const told = state.map || state.host_map || null;
  const map = useMemo(() => told && tidy(told), [told]);
  const show = !state.shown.map && (
    <button class={host.viewed && host.viewed.open ? "filled" : ""} onClick={() => host.act({ act: "show", what: "map", on: true })}>{t("host.map_show")}</button>
  );
  if (!map) return <div class="nothing"><p><Fine text={t("host.map_wait")} /></p>{show}</div>;
  if (!map.scene) return <div class="nothing"><p><strong>{t("map.missing")}</strong></p>{missing(map).map((line) => <p key={line}>{line}</p>)}</div>;
  const own = { ...map, you: null };
  const said = sentences(own);
  return (
    <>
      <p class="quiet"><Chip light={map.light} /> {said.join(" ")}</p>
      {!map.groups_found && <p class="quiet"><Fine text={t("map.none_means")} /></p>}
      <figure>
        <Picture scene={map.scene} grouped={map.groups_found} you={null} spoken={said.join(" ")} text={15} />
        <Legend scene={map.scene} grouped={map.groups_found} />
      </figure>
      {(map.missing || []).length > 0 && <div class="greener">{missing(map).map((line) => <p class="quiet" key={line}><Fine text={line} /></p>)}</div>}
      {!state.shown.map && <div class="preview"><p class="quiet"><Fine text={t("host.map_preview")} /></p>{show}</div>}
    </>
  );
}

function anything(results: Results): boolean {
  return results.groups.some((group) => group.apart.length > 0) || results.common.length > 0 || results.divisive.length > 0;
}

function Findings({ state, results }: { state: HostState; results: Results }) {
  const tallies = tallyById(results);
  const textOf = (id: string) => state.statements.filter((one) => one.id === id)[0];
  const line = (id: string, told: string) => {
    const statement = textOf(id);
    const tally = tallies[id];
    if (!statement) return null;
    return (
      <li key={id}>
        <StatementText statement={statement} />
        {tally && <Bar {...tally} />}
        <p class="quiet small">{told || (tally ? t("results.counts", { Agree: tally.agree, Disagree: tally.disagree, Pass: tally.pass }) : "")}</p>
      </li>
    );
  };
  return (
    <>
      {results.groups.map((group) => group.apart.length > 0 && (
        <section key={group.letter}>
          <h2 class="group-head"><GroupMark letter={group.letter} /> <Fine text={t("results.apart", { Letter: group.letter })} /></h2>
          <ul class="list">{group.apart.map((apart) => line(apart.id, apartText(group.letter, apart)))}</ul>
        </section>
      ))}
      {results.common.length > 0 && <section><h2><Fine text={t("results.common")} /></h2><ul class="list">{results.common.map((id) => line(id, ""))}</ul></section>}
      {results.divisive.length > 0 && <section><h2><Fine text={t("results.divisive")} /></h2><ul class="list">{results.divisive.map((id) => line(id, ""))}</ul></section>}
    </>
  );
}

export function ReportView({ host, state }: ViewProps) {
  return (
    <div class="columns wide-first">
      <section class="card">
        <h2>{t("results.title")}</h2>
        <p>{t("results.size", { N: state.counts.participants, Votes: state.counts.votes })}</p>
        <p class="quiet"><Fine text={t("host.report_help")} /></p>
        <p><code>folkmootd export {state.session.slice(0, 8)} --to pack</code></p>
        <p class="quiet"><Fine text={t(state.settings["licence"] ? "host.report_public" : "host.report_private")} /></p>
      </section>
      <div class="side">
        <section class="card">
          <h2>{t("host.show_title")}</h2>
          <ShowSwitch host={host} state={state} what="results" />
          <ShowSwitch host={host} state={state} what="map" />
        </section>
      </div>
    </div>
  );
}
