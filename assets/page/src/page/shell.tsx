// What stands around every screen: head, banner, status, foot.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sessionIn } from "../hub/said";
import { Fine } from "../look/parts";
import { currentLanguage, Language, languages, personName, t, tag } from "../words/words";
import { countAnswered, votesOf } from "./ballot";
import { Before } from "./before";
import { Entry } from "./entry";
import { Idle } from "./idle";
import { MapScreen } from "./map";
import type { Model, Notice } from "./model";
import { PassOn } from "./pass";
import { Screen, Tab, tabs } from "./place";
import { ResultsScreen } from "./results";
import { DownScreen, TableScreen } from "./table";
import { VoteScreen } from "./vote";
import { WriteScreen } from "./write";

export interface ScreenProps {
  model: Model;
}

const voting: Screen[] = ["vote", "earlier", "done", "closed"];
const withFoot: Screen[] = ["vote", "earlier", "done", "empty", "closed", "wait", "question", "results", "map", "table"];

export function Shell({ model }: ScreenProps) {
  const screen = model.screen;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // A new screen starts at its top, and a screen reader starts there too.
  useEffect(() => {
    if (!first.current) {
      window.scrollTo(0, 0);
      if (main.current && screen !== "vote") main.current.focus();
    }
    first.current = false;
  }, [screen]);
  const rehearsal = model.state !== null && model.state.session.rehearsal;
  return (
    <div class={"page" + (rehearsal ? " rehearsal" : "")} data-screen={screen} data-waiting={model.waiting.length}>
      <div>
        <Head model={model} />
        <Banner model={model} />
      </div>
      <main ref={main} tabIndex={-1}>
        {model.notice && <Note notice={model.notice} close={() => model.dismiss()} digits={() => model.want("pad")} />}
        {voting.indexOf(screen) >= 0 && <StatusLine model={model} />}
        <Body model={model} screen={screen} />
      </main>
      {withFoot.indexOf(screen) >= 0 ? <Foot model={model} /> : <div />}
      {model.identity && model.device.shared && <Idle model={model} />}
    </div>
  );
}

function Body({ model, screen }: { model: Model; screen: Screen }): JSX.Element {
  switch (screen) {
    case "pad":
    case "move":
    case "hand":
    case "joining":
    case "away":
      return <Entry model={model} screen={screen} />;
    case "notice":
    case "name":
    case "practice":
    case "question":
      return <Before model={model} screen={screen} />;
    case "write":
      return <WriteScreen model={model} />;
    case "results":
      return <ResultsScreen model={model} />;
    case "map":
      return <MapScreen model={model} />;
    case "table":
      return <TableScreen model={model} />;
    case "down":
      return <DownScreen model={model} />;
    default:
      return <VoteScreen model={model} screen={screen} />;
  }
}

function Head({ model }: ScreenProps) {
  const state = model.state;
  const known = state !== null && model.identity !== null && model.identity.stage !== "notice";
  return (
    <header class="head">
      <p class={"title" + (known ? "" : " bare")}><Fine text={state ? sessionIn(state.session, currentLanguage()).title : "Folkmoot"} /></p>
      {known && state && (
        <div class="self">
          <p class="who">{personName(state.me)}</p>
          <button class="pill" aria-pressed={model.wish === "about"} onClick={() => model.want(model.wish === "about" ? null : "about")}><span>{t("notice.open")}</span></button>
        </div>
      )}
      <Languages choose={(language) => model.setLanguage(language)} />
    </header>
  );
}

export function Languages({ choose }: { choose: (language: Language) => void }) {
  return (
    <div class="languages" role="group" aria-label={t("language.label")}>
      {languages.map((language) => (
        <button key={language} lang={tag(language)} aria-pressed={language === currentLanguage()} onClick={() => choose(language)}>
          <span>{t(`language.${language}`)}</span>
        </button>
      ))}
    </div>
  );
}

function Banner({ model }: ScreenProps) {
  const elsewhere = model.notice !== null && model.notice.kind === "elsewhere";
  const away = !model.reach && model.state !== null && !elsewhere;
  const danger = !model.lasting && model.waiting.length > 0;
  return (
    <div role="status">
      {away && (
        <p class="waiting banner">
          <strong>{t("status.away")}</strong>{" "}
          {model.waitingHere > 0 ? t("status.waiting", { N: model.waitingHere }) : t("status.safe")}
        </p>
      )}
      {danger && <p class="waiting banner"><strong>{t("status.memory")}</strong></p>}
    </div>
  );
}

function StatusLine({ model }: ScreenProps) {
  const { state, identity } = model;
  if (!state || !identity) return null;
  const votes = votesOf(state, identity);
  const total = state.statements.length;
  const done = countAnswered(state, votes);
  return (
    <div class="status">
      <p>{total > 0 ? t("vote.progress", { N: done, Total: total }) : ""}</p>
      <p role="status"><Received model={model} any={done > 0 || model.waitingHere > 0} /></p>
    </div>
  );
}

/** Received, being sent, or kept here. Sending is not worth a word while it is quick. */
function Received({ model, any }: { model: Model; any: boolean }) {
  const waiting = model.waitingHere;
  const [age, setAge] = useState(0);
  useEffect(() => {
    setAge(0);
    if (waiting === 0) return undefined;
    const timers = [700, 4000].map((ms) => window.setTimeout(() => setAge(ms), ms));
    return () => timers.forEach(clearTimeout);
  }, [waiting > 0]);
  if (!any || !model.reach) return null;
  if (waiting === 0) return <span class="received"><span aria-hidden="true">✓ </span>{t("status.saved")}</span>;
  if (age >= 4000) return <span>{t("status.waiting", { N: waiting })}</span>;
  return age >= 700 ? <span class="quiet">{t("status.sending")}</span> : null;
}

function Note({ notice, close, digits }: { notice: Notice; close: () => void; digits: () => void }) {
  const good = notice.kind === "kept";
  return (
    <div class={"waiting note" + (good ? " plain" : "")} role="status">
      <p>{noteText(notice)}</p>
      {notice.kind === "elsewhere" ? <button class="plain" onClick={digits}>{t("pad.title")}</button> : <button class="plain" onClick={close}>{t("page.close")}</button>}
    </div>
  );
}

function noteText(notice: Notice): string {
  switch (notice.kind) {
    case "newer":
      return t("status.newer");
    case "kept":
      return t(notice.away ? "write.away" : notice.live ? "write.live" : "write.kept");
    case "wrong_code":
      return t("pad.wrong");
    case "wrong_badge":
      return t("badge.wrong");
    case "badge_void":
      return t("badge.void");
    case "badge_moved":
      return t("badge.moved");
    case "too_many":
      return t("pad.many", { N: notice.seconds });
    case "replaced":
      return t("pad.replaced");
    case "late":
      return t("status.late");
    case "elsewhere":
      return t("status.elsewhere", { Mark: notice.mark });
    case "refused_before":
      return t("refused.before", { Text: refusal(notice.reason, notice.limit) });
    default:
      return t("refused.line", { Text: refusal(notice.reason, notice.limit) });
  }
}

function refusal(reason: string, limit: number): string {
  const key = `refused.${reason}`;
  const text = t(key, { Limit: limit });
  return text === key ? t("refused.other") : text;
}

function Foot({ model }: ScreenProps) {
  const [asking, ask] = useState(false);
  const there = tabs(model.state);
  const passOn = <button class="pass" onClick={() => ask(true)}>{t("pass.button")}</button>;
  return (
    <footer class={"foot card" + (there.length > 1 ? " with-tabs" : "")}>
      {there.length > 1 ? <Tabs model={model} there={there} /> : <p><Fine text={t("vote.foot")} /></p>}
      {passOn}
      {asking && <PassOn model={model} close={() => ask(false)} />}
    </footer>
  );
}

function Tabs({ model, there }: { model: Model; there: Tab[] }) {
  const screen = model.screen;
  const here: Tab = screen === "results" || screen === "map" || screen === "table" ? screen : "vote";
  return (
    <nav class="tabs" aria-label={t("nav.label")}>
      {there.map((one) => (
        <button key={one} aria-current={one === here ? "page" : undefined} onClick={() => model.want(one)}>{t(`nav.${one}`)}</button>
      ))}
    </nav>
  );
}
