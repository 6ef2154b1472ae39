// The frame of the wall and what is in it, by mode.
import type { ComponentChildren, JSX } from "preact";
import type { WallState } from "../hub/types";
import { clockText, useTick } from "../look/clock";
import { isLanguage, Language, languages, t } from "../words/words";
import { Say, Second } from "./say";
import { Digits } from "./digits";
import { ClockMode, JoinMode, MapMode, RulesMode, StatementsMode, TablesMode } from "./modes";

/** One language, or both with one under the other. */
export type Reading = Language | "both";

export interface WallProps {
  state: WallState | null;
  reach: boolean;
  wished: Reading | null;
  offset: number;
  /** The digits that were typed here were not the session's. */
  wrong: boolean;
  enter: (code: string) => void;
}

/** The language to write in and the one to put underneath, if any. */
export function chooseLanguages(state: WallState, wished: Reading | null): [Language, Language | null] {
  const room = isLanguage(state.language) ? state.language : "zh-Hant";
  if (wished === null) return [room, null];
  if (wished !== "both") return [wished, null];
  return [room, languages.filter((one) => one !== room)[0] || null];
}

export function Wall({ state, reach, wished, offset, wrong, enter }: WallProps) {
  useTick(state !== null && state.step !== null && state.step.open && state.step.ends > 0);
  if (!state) return <Waiting reach={reach} />;
  if (state.mode === "black") return <main class="black"><h1 class="spoken">{t("wall.black")}</h1></main>;
  const [, second] = chooseLanguages(state, wished);
  const now = Date.now() + offset;
  return (
    <Second.Provider value={second}>
      <div class={"wall mode-" + state.mode + (state.rehearsal ? " rehearsal" : "")} data-mode={state.mode}>
        <header>
          <h1>{heading(state)}</h1>
          {state.mode !== "clock" && <p class="left" role="timer">{clockText(state.step, now)}</p>}
        </header>
        <main><Mode state={state} now={now} ways={<Ways state={state} wrong={wrong} enter={enter} />} /></main>
        <Foot state={state} reach={reach} />
      </div>
    </Second.Provider>
  );
}

function Waiting({ reach }: { reach: boolean }) {
  return <main class="black"><p>{reach ? t("page.loading") : t("wall.away")}</p></main>;
}

function heading(state: WallState): ComponentChildren {
  switch (state.mode) {
    case "map":
      return <Say k="map.title" />;
    case "statements":
      return <Say k="wall.statements" />;
    case "tables":
      return <Say k="wall.tables" />;
    case "rules":
      return <Say k="wall.rules" />;
    default:
      return state.title;
  }
}

function Ways({ state, wrong, enter }: { state: WallState; wrong: boolean; enter: (code: string) => void }) {
  return state.join.code === "" ? <Digits wrong={wrong} enter={enter} /> : <JoinMode state={state} />;
}

function Mode({ state, now, ways }: { state: WallState; now: number; ways: JSX.Element }) {
  switch (state.mode) {
    case "rules":
      return <RulesMode />;
    case "clock":
      return <ClockMode state={state} now={now} />;
    case "statements":
      return <StatementsMode state={state} />;
    case "map":
      return <MapMode state={state} />;
    case "tables":
      return <TablesMode state={state} />;
    default:
      return ways;
  }
}

function Foot({ state, reach }: { state: WallState; reach: boolean }) {
  const counts = state.counts;
  const waiting = counts.waiting > 0;
  return (
    <footer>
      <p class="here">
        {state.sample && <span class="badge warn"><Say k="notice.sample" /></span>}
        {state.rehearsal && <span class="badge warn"><Say k="notice.rehearsal" /></span>}
        <Say k={state.badges ? "wall.here" : "wall.devices"} values={{ N: counts.participants }} />
        {counts.imported ? <span class="imported"><Say k="wall.imported" values={{ N: counts.imported }} /></span> : null}
      </p>
      {reach ? (
        <p class="received" role="status">
          {waiting ? <Say k="wall.received_waiting" values={{ N: counts.votes, Waiting: counts.waiting, Devices: counts.waiting_devices, Count: counts.waiting_devices }} /> : <Say k="wall.received" values={{ N: counts.votes }} />}
        </p>
      ) : (
        <p class="waiting" role="status"><Say k="wall.away" /></p>
      )}
    </footer>
  );
}
