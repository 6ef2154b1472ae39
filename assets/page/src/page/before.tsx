// What comes before the statements: notice, name, practice, the 0 to 5 question.
import { useState } from "preact/hooks";
import { Fine, Paragraphs } from "../look/parts";
import type { Vote } from "../hub/types";
import { questionIn, sessionIn } from "../hub/said";
import { currentLanguage, personName, t } from "../words/words";
import { answersOf } from "./ballot";
import { Ballot, useSettled } from "./choice";
import type { Model } from "./model";
import type { Screen } from "./place";
import { WebviewHint } from "./webview";

const longestName = 60;

export function Before({ model, screen }: { model: Model; screen: Screen }) {
  if (screen === "notice") return <NoticeScreen model={model} />;
  if (screen === "name") return <NameScreen model={model} />;
  return screen === "practice" ? <PracticeScreen model={model} /> : <QuestionScreen model={model} />;
}

function NoticeScreen({ model }: { model: Model }) {
  const { state, identity } = model;
  if (!state || !identity) return null;
  const session = sessionIn(state.session, currentLanguage());
  const first = identity.stage === "notice";
  return (
    <>
      {first && <WebviewHint />}
      <section class="card sheet">
        <div>
          {session.sample && <p class="badge warn">{t("notice.sample")}</p>}
          {session.rehearsal && <p class="badge warn">{t("notice.rehearsal")}</p>}
          <h1><Fine text={first ? t("notice.title") : t("notice.open")} /></h1>
        </div>
        {session.sample && <p>{t("notice.sample_help")}</p>}
        {session.rehearsal && <p>{t("notice.rehearsal_help")}</p>}
        <div class="parts">
          <Part title={t("notice.about")} text={session.about || session.title} />
          <Part title={t("notice.use")} text={session.notice} />
          <Part title={t("notice.contact")} text={session.contact} />
          <Part title={t("notice.licence")} text={session.licence || t("notice.undecided")} />
          <Part title={t("notice.mark")} text={session.emblem} />
        </div>
        <button class="filled" onClick={() => (first ? model.begin() : model.want(null))}>{t(first ? "notice.start" : "notice.back")}</button>
      </section>
    </>
  );
}

function Part({ title, text }: { title: string; text: string }) {
  if (!text) return null;
  return (
    <section>
      <h2>{title}</h2>
      <Paragraphs text={text} />
    </section>
  );
}

function NameScreen({ model }: { model: Model }) {
  const [name, setName] = useState(model.identity ? model.identity.name : "");
  if (!model.state) return null;
  const long = Array.from(name).length > longestName;
  const go = (event: Event) => {
    event.preventDefault();
    if (!long) model.setName(name);
  };
  return (
    <section class="card lone">
      <h1 class="quiet">{t("name.you")}</h1>
      <p class="big">{personName(model.state.me)}</p>
      <p class="quiet"><Fine text={t("name.why")} /></p>
      <form class="acts" onSubmit={go}>
        <label for="name"><Fine text={t("name.label")} /></label>
        <input id="name" type="text" autoComplete="nickname" value={name} onInput={(event) => setName((event.target as HTMLInputElement).value)} aria-describedby="name-help" aria-invalid={long} />
        <p class="quiet small" id="name-help">{long ? t("name.long", { N: longestName }) : <Fine text={t("name.help")} />}</p>
        <button class="filled" type="submit">{t("name.go")}</button>
      </form>
    </section>
  );
}

function PracticeScreen({ model }: { model: Model }) {
  const [chosen, choose] = useState<Vote | null>(null);
  if (!model.state) return null;
  const session = sessionIn(model.state.session, currentLanguage());
  const paired = session.practice !== model.state.session.practice;
  return (
    <>
      <p class="hint"><Fine text={t("practice.intro")} /></p>
      <Ballot id="practice" text={session.practice} lang={paired ? currentLanguage() : session.language} badge={t("practice.badge")} chosen={chosen || ""} choose={choose} />
      <div role="status">
        {chosen && <p class="hint"><Fine text={t("practice.done", { Vote: t(`vote.${chosen}`) })} /></p>}
      </div>
      {chosen ? <button class="filled" onClick={() => model.go("ready")}>{t("practice.go")}</button> : <p class="hint">{t("vote.hint")}</p>}
    </>
  );
}

function QuestionScreen({ model }: { model: Model }) {
  const { state, identity } = model;
  const question = state && state.question && questionIn(state.question, currentLanguage());
  const settled = useSettled(question ? question.id : "");
  if (!state || !identity || !question) return null;
  const given = answersOf(state, identity)[question.id];
  return (
    <section class="card sheet">
      <div>
        <p class="badge">{t("question.badge")}</p>
        <h1 id="question"><Fine text={question.text} /></h1>
      </div>
      <div>
        <div class="scale" role="group" aria-labelledby="question">
          {[0, 1, 2, 3, 4, 5].map((n) => (
            <button key={n} aria-pressed={given !== undefined && given.value === n} aria-label={end(n, question.low, question.high)}
              onClick={() => settled() && model.answer(question.id, n)}>{n}</button>
          ))}
        </div>
        <div class="ends quiet" aria-hidden="true">
          <p>{end(0, question.low, question.high)}</p>
          <p>{end(5, question.low, question.high)}</p>
        </div>
      </div>
      <button class="plain" onClick={() => model.skipQuestion()}>{t("question.skip")}</button>
    </section>
  );
}

function end(n: number, low: string, high: string): string {
  const word = n === 0 ? low : n === 5 ? high : "";
  return word ? t("question.end", { N: n, Word: word }) : String(n);
}
