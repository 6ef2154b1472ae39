// The frame: what runs at the top, the agenda at the left, one view.
import { Fine } from "../look/parts";
import { clockText, useTick } from "../look/clock";
import { spaced } from "../look/qr";
import type { AgendaStep, HostState } from "../hub/types";
import { currentLanguage, dotted, languages, t, tag } from "../words/words";
import { Asked } from "./asked";
import type { Host, View } from "./model";
import { stepTitle } from "./model";
import { CheckinView } from "./people";
import { MapView, ReportView } from "./map";
import { SettingsView } from "./settings";
import { StatementsView } from "./statements";
import { TablesView } from "./tables";
import { WallView } from "./wall";

export interface HostProps {
  host: Host;
}

export interface ViewProps extends HostProps {
  state: HostState;
}

export function Frame({ host }: HostProps) {
  const state = host.state;
  const guessed = guessing(state, host.now());
  useTick(guessed !== "");
  if (!host.allowed) return <Closed />;
  if (!state) return <main class="alone"><p role="status">{host.reach ? t("page.loading") : t("host.away")}</p></main>;
  return (
    <div class={"host" + (state.rehearsal ? " rehearsal" : "")}>
      <Top host={host} state={state} />
      <Rail host={host} state={state} />
      <main>
        <div role="status">
          {state.disk && <p class="waiting">{t(`disk.${state.disk.state}`, { Left: state.disk.left, Folder: state.disk.folder })}</p>}
          {!host.reach && <p class="waiting">{t("host.away")}</p>}
          {host.trouble && <p class="waiting">{host.trouble}</p>}
          {guessed && <p class="waiting guessing"><Fine text={guessed} /></p>}
        </div>
        <Viewed host={host} state={state} />
      </main>
      <Asked host={host} />
    </div>
  );
}

/** That somebody guesses the code, "" where nobody does. */
function guessing(state: HostState | null, now: number): string {
  const guessed = state && state.guessing;
  if (!guessed || guessed.until <= now) return "";
  const until = new Date(guessed.until);
  const two = (n: number) => (n < 10 ? "0" : "") + n;
  return t("host.guessing", { N: guessed.wrong, Time: two(until.getHours()) + ":" + two(until.getMinutes()) });
}

function Closed() {
  return (
    <main class="alone">
      <section class="card">
        <h1><Fine text={t("host.no_token")} /></h1>
        <p><Fine text={t("host.no_token_help")} /></p>
      </section>
    </main>
  );
}

function Top({ host, state }: ViewProps) {
  const running = host.running;
  useTick(running !== null && running.ends > 0);
  const undo = state.steps.filter((step) => step.undo)[0];
  return (
    <header class="top">
      <p class="title"><Fine text={state.title} /></p>
      <ul class="chips">
        <li class="chip"><span class={"dot" + (host.reach ? "" : " away")} />{t(host.reach ? "network.fine" : "network.away")}</li>
        <li class="chip">{state.badges ? t("host.badges") : t("host.join", { Code: spaced(state.join.code) })}</li>
        <li class="chip"><strong>{running ? stepTitle(running) : t("host.idle")}</strong>{running && <span> {clockText(running, host.now())}</span>}</li>
        <li class="chip">{received(state)}</li>
      </ul>
      <div class="acts">
        {running && <button onClick={() => host.act({ act: "step", step: running.id, do: "extend", minutes: 2 })}>{t("host.extend", { N: 2 })}</button>}
        {running && <button onClick={() => host.ask({ kind: "close", step: running })}>{t("host.close")}</button>}
        {undo && <button onClick={() => host.act({ act: "step", step: undo.id, do: "undo" })}>{t("host.undo")}</button>}
        <button aria-pressed={host.view === "wall"} onClick={() => host.look("wall")}>{t("host.wall")}</button>
      </div>
    </header>
  );
}

function received(state: HostState): string {
  const { votes, waiting, waiting_devices } = state.counts;
  return waiting > 0 ? t("wall.received_waiting", { N: votes, Waiting: waiting, Devices: waiting_devices, Count: waiting_devices }) : t("wall.received", { N: votes });
}

function Rail({ host, state }: ViewProps) {
  const view = host.view;
  const item = (to: View, name: string, count: string, here: boolean) => (
    <li key={name}><button aria-current={here ? "page" : undefined} onClick={() => host.look(to)}><span>{name}</span> <small>{count}</small></button></li>
  );
  return (
    <nav class="rail" aria-label={t("host.agenda")}>
      <h2>{t("host.agenda")}</h2>
      <ol>{state.steps.map((step) => item({ step: step.id }, stepTitle(step), countOf(step, state), typeof view !== "string" && view.step === step.id))}</ol>
      <h2>{t("host.venue")}</h2>
      <ul>
        {item("wall", t("host.wall"), t(`host.mode_${state.mode}`), view === "wall")}
        {item("settings", t("host.settings"), "", view === "settings")}
      </ul>
      <h2>{t("host.private")}</h2>
      <ul>
        <li><button aria-pressed={!host.masked} onClick={() => (host.masked ? host.ask({ kind: "unmask" }) : host.mask(true))}><span>{t(host.masked ? "host.masked" : "host.unmasked")}</span> <small>P</small></button></li>
        <li><button onClick={() => host.ask({ kind: "keys" })}><span>{t("host.keys")}</span> <small>?</small></button></li>
      </ul>
      <div class="languages" role="group" aria-label={t("language.label")}>
        {languages.map((language) => (
          <button key={language} lang={tag(language)} aria-pressed={language === currentLanguage()} onClick={() => host.setLanguage(language)}>{t(`language.${language}`)}</button>
        ))}
      </div>
    </nav>
  );
}

function countOf(step: AgendaStep, state: HostState): string {
  if (step.kind === "checkin") return String(state.people.length || "");
  if (step.kind === "opinion") return String(state.statements.filter((one) => one.state === "approved").length || "");
  if (step.kind === "tables") return state.plan ? String(state.plan.tables.length) : "";
  return "";
}

function Viewed({ host, state }: ViewProps) {
  const view = host.view;
  if (view === "wall") return <WallView host={host} state={state} />;
  if (view === "settings") return <SettingsView host={host} state={state} />;
  const step = host.viewed;
  if (!step) return null;
  return (
    <>
      <StepHead host={host} step={step} />
      <StepView host={host} state={state} kind={step.kind} />
    </>
  );
}

/** The step that is looked at, and its start: looking never starts it. */
function StepHead({ host, step }: HostProps & { step: AgendaStep }) {
  const told = step.open ? clockText(step, host.now()) : step.started > 0 ? t("host.step_over") : t("host.not_started");
  return (
    <div class="step-head">
      <h1>{stepTitle(step)} <small>{dotted([told, t("host.minutes", { N: step.minutes })].filter((part) => part !== ""))}</small></h1>
      {!step.open && <button class={step.started === 0 && !host.running ? "filled" : ""} onClick={() => host.act({ act: "step", step: step.id, do: "start" })}>{t("host.start_step", { Step: stepTitle(step) })}</button>}
    </div>
  );
}

function StepView({ host, state, kind }: ViewProps & { kind: string }) {
  switch (kind) {
    case "checkin":
      return <CheckinView host={host} state={state} />;
    case "opinion":
      return <StatementsView host={host} state={state} />;
    case "map":
      return <MapView host={host} state={state} />;
    case "tables":
      return <TablesView host={host} state={state} />;
    default:
      return <ReportView host={host} state={state} />;
  }
}
