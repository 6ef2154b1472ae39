// What the wall shows in each of its modes. No names anywhere: a person is a
// number and a word.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { questionIn } from "../hub/said";
import type { Seat, WallState } from "../hub/types";
import { clockText } from "../look/clock";
import { Bar, Counts, Fine, StatementText } from "../look/parts";
import { Code, spaced, typed } from "../look/qr";
import { Picture } from "../map/picture";
import { Chip, Legend } from "../map/legend";
import { missing, sentences } from "../map/sentences";
import { tidy } from "../map/tidy";
import { animalName, currentLanguage, t } from "../words/words";
import { Pager } from "./pager";
import { Say } from "./say";

export function JoinMode({ state }: { state: WallState }) {
  const { wifi, code, addresses, qr } = state.join;
  const box = useRef<HTMLDivElement>(null);
  const size = useFit(box);
  return (
    <div class="join">
      <div class="fit ways" ref={box}>
        <ol style={{ fontSize: size + "rem" }}>
          <li>
            <span class="step" aria-hidden="true">1</span>
            {wifi ? <p><Say k="wall.wifi" /><strong class="value">{wifi}</strong></p> : <p><Say k="wall.wifi_here" /></p>}
          </li>
          <li>
            <span class="step" aria-hidden="true">2</span>
            <div>
              <p><Say k={state.badges ? "wall.badge_scan" : "wall.scan"} /></p>
              {state.badges && <p><Say k="wall.badge_type" /></p>}
              {addresses.slice(0, 2).map((address) => <p class="value" key={address}>{typed(address)}</p>)}
              {!state.badges && <p class="code-line"><Say k="wall.code" /> <strong class="code">{spaced(code)}</strong></p>}
            </div>
          </li>
        </ol>
      </div>
      {!state.badges && <Code qr={qr} label={t("wall.scan_short")} />}
      <p class="fine quiet"><Say k="wall.no_internet" /></p>
    </div>
  );
}

/** The corner of other modes, for those who come late. */
function JoinCorner({ state }: { state: WallState }) {
  const address = state.join.addresses[0];
  if (state.join.code === "") return null;
  return (
    <aside class="corner" aria-label={t("wall.join")}>
      <p><span class="step" aria-hidden="true">1</span> {state.join.wifi ? <><Say k="wall.wifi" /> <strong>{state.join.wifi}</strong></> : <Say k="wall.wifi_here" />}</p>
      <p><span class="step" aria-hidden="true">2</span> <Say k={state.badges ? "wall.badge_scan" : "wall.scan_short"} /></p>
      {!state.badges && <Code qr={state.join.qr} label={t("wall.scan_short")} />}
      {address && <p>{typed(address)}</p>}
      {!state.badges && <p class="code">{spaced(state.join.code)}</p>}
    </aside>
  );
}

/** The size of the two steps in rem: smaller where both languages or long titles leave less room. */
function useFit(box: { current: HTMLDivElement | null }): number {
  const [size, setSize] = useState(roomy());
  useLayoutEffect(() => {
    const frame = box.current;
    if (frame && size > tight && frame.scrollHeight > frame.clientHeight + 1) setSize(size - 0.1);
  });
  useEffect(() => {
    const again = () => setSize(roomy());
    window.addEventListener("resize", again);
    return () => window.removeEventListener("resize", again);
  }, []);
  return size;
}

const tight = 1;

/** The size to start from; a phone held upright is narrow. */
function roomy(): number {
  return window.innerHeight > window.innerWidth ? 1.25 : 1.7;
}

const rules = ["wall.rule_ask", "wall.rule_listen", "wall.rule_view", "wall.rule_mind", "wall.rule_help"];

export function RulesMode() {
  return (
    <ol class="rules">
      {rules.map((rule, i) => <li key={rule}><span class="step" aria-hidden="true">{i + 1}</span><span><Say k={rule} /></span></li>)}
    </ol>
  );
}

export function ClockMode({ state, now }: { state: WallState; now: number }) {
  const step = state.step;
  const text = clockText(step, now);
  return (
    <div class="clock-mode">
      {state.devices_down ? <p class="name"><Say k="down.title" /></p> : step && <p class="name">{step.title || <Say k={`step.${step.kind}`} />}</p>}
      {text ? <p class="clock" role="timer">{text}</p> : <p class="quiet"><Say k={!step ? "wall.clock_none" : step.open ? "desk.runs_now" : "closed.title"} /></p>}
      {state.prompt && step && step.kind === "tables" && <p class="prompt"><Fine text={state.prompt} /></p>}
      <Answers state={state} />
    </div>
  );
}

function Answers({ state }: { state: WallState }) {
  if (!state.question || !state.answers) return null;
  const answers = state.answers;
  const question = questionIn(state.question, currentLanguage());
  const most = Math.max(1, ...answers);
  return (
    <section class="answers">
      <h2><Fine text={question.text} /></h2>
      <ol aria-label={t("wall.answers")}>
        {answers.map((n, i) => (
          <li key={i}>
            <span>{n}</span>
            <span class="column" style={{ height: (6 * n) / most + "rem" }} />
            <strong>{i}</strong>
          </li>
        ))}
      </ol>
      <p class="ends"><span>{question.low}</span><span>{question.high}</span></p>
    </section>
  );
}

export function StatementsMode({ state }: { state: WallState }) {
  if (state.statements.length === 0) return <p class="empty"><Say k="wall.no_statements" /></p>;
  const tallies = state.results ? state.results.statements : [];
  const entries = state.statements.map((statement) => {
    const tally = tallies.filter((one) => one.id === statement.id)[0];
    return (
      <li key={statement.id}>
        <StatementText statement={statement} />
        {tally && <Bar {...tally} />}
        {tally && <Counts {...tally} />}
      </li>
    );
  });
  return <Pager key={entries.length + (state.results ? "r" : "")} entries={entries} look="statements" most={state.results ? 8 : 12} />;
}

const say = (key: string) => <Say k={key} />;

export function MapMode({ state }: { state: WallState }) {
  const map = useMemo(() => state.map && tidy(state.map), [state.map]);
  return (
    <div class="map-mode">
      {map && map.scene ? (
        <figure>
          <Picture scene={map.scene} grouped={map.groups_found} you={null} spoken={sentences({ ...map, you: null }).join(" ")} text={16} share={0.03} />
          <figcaption>
            {!map.groups_found && <p><strong><Say k="map.none" /></strong></p>}
            {!map.groups_found && <p class="quiet"><Say k="map.none_means" /></p>}
            <Chip light={map.light} say={say} />{" "}
            <Legend scene={map.scene} grouped={map.groups_found} say={say} />
          </figcaption>
        </figure>
      ) : (
        <div class="empty">
          <p><Say k="map.missing" /></p>
          {map && missing(map).map((line) => <p class="quiet" key={line}><Fine text={line} /></p>)}
        </div>
      )}
      <JoinCorner state={state} />
    </div>
  );
}

export function TablesMode({ state }: { state: WallState }) {
  if (!state.tables || state.tables.length === 0) return <p class="empty"><Say k="wall.no_tables" /></p>;
  const entries = state.tables.map((table) => (
    <li key={table.number}>
      <h2><Say k="table.number" values={{ N: table.number }} /></h2>
      <ul>{table.people.map((seat) => <Person key={seat.number} seat={seat} />)}</ul>
    </li>
  ));
  return <Pager key={entries.length} entries={entries} look="tables" most={9} />;
}

function Person({ seat }: { seat: Seat }) {
  return <li><strong>{seat.number}</strong> <span>{animalName(seat.word)}</span></li>;
}
