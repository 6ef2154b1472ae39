// Voting: the next statement, an earlier one again, and what there is between.
import { statementIn } from "../hub/said";
import { Fine } from "../look/parts";
import { currentLanguage, t } from "../words/words";
import { countAnswered, nextStatement, questionOpen, votesOf, votingOpen } from "./ballot";
import { Ballot } from "./choice";
import type { Model } from "./model";
import type { Screen } from "./place";

export function VoteScreen({ model, screen }: { model: Model; screen: Screen }) {
  if (screen === "earlier") return <Earlier model={model} />;
  return screen === "vote" ? <Next model={model} /> : <Between model={model} screen={screen} />;
}

function Next({ model }: { model: Model }) {
  const { state, identity } = model;
  if (!state || !identity) return null;
  const votes = votesOf(state, identity);
  const statement = nextStatement(state, votes, model.current);
  if (!statement) return null;
  // What is on screen stays there, whatever order the hub sends meanwhile.
  model.current = statement.id;
  return (
    <>
      <Ballot key="next" id={statement.id} {...statementIn(statement, currentLanguage())} chosen="" choose={(vote) => model.vote(statement.id, vote)} />
      <p class="hint">{t("vote.hint")} <span class="keys">· {t("vote.keys")}</span></p>
      <div class="pair">
        {countAnswered(state, votes) > 0 && <button onClick={() => model.back()}><span aria-hidden="true">↩ </span>{t("vote.back")}</button>}
        <button onClick={() => model.want("write")}><span aria-hidden="true">＋ </span>{t("write.title")}</button>
      </div>
    </>
  );
}

function Earlier({ model }: { model: Model }) {
  const { state, identity } = model;
  const statement = state && state.statements.filter((one) => one.id === model.earlier)[0];
  if (!state || !identity || !statement) return null;
  const cell = votesOf(state, identity)[statement.id];
  const chosen = cell ? cell.value : "";
  return (
    <>
      <Ballot key="earlier" id={"earlier-" + statement.id} {...statementIn(statement, currentLanguage())} badge={t("vote.earlier")} chosen={chosen} choose={(vote) => model.vote(statement.id, vote)} />
      <p class="hint">{t("vote.yours", { Vote: chosen === "agree" || chosen === "disagree" || chosen === "pass" ? t(`vote.${chosen}`) : "" })}</p>
      <div class="pair">
        <button onClick={() => model.want("vote")}>{t("vote.now")}</button>
        <button onClick={() => model.back()}><span aria-hidden="true">↩ </span>{t("vote.back")}</button>
        <button class="plain" onClick={() => model.vote(statement.id, "none")}>{t("vote.take_back")}</button>
      </div>
    </>
  );
}

function Between({ model, screen }: { model: Model; screen: Screen }) {
  const { state, identity } = model;
  if (!state || !identity) return null;
  const answered = countAnswered(state, votesOf(state, identity));
  const open = votingOpen(state.step);
  const [title, help] = texts(screen, answered);
  return (
    <section class="card lone">
      <h1><Fine text={title} /></h1>
      <p><Fine text={help} /></p>
      <div class="acts">
        {open && <button class="filled" onClick={() => model.want("write")}><span aria-hidden="true">＋ </span>{t("write.title")}</button>}
        {open && answered > 0 && <button onClick={() => model.back()}><span aria-hidden="true">↩ </span>{t("vote.back")}</button>}
        {state.question && questionOpen(state.step) && <button class="plain" onClick={() => model.want("question")}>{t("question.change")}</button>}
      </div>
    </section>
  );
}

function texts(screen: Screen, answered: number): [string, string] {
  switch (screen) {
    case "empty":
      return [t("empty.title"), t("empty.help")];
    case "wait":
      return [t("wait.title"), t("wait.help")];
    case "closed":
      return [t("closed.title"), t("closed.help", { N: answered })];
    default:
      return [t("done.title"), t("done.help")];
  }
}
