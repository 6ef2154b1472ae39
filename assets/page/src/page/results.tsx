// Results, once the host shows them.
import type { Apart, State, Tally } from "../hub/types";
import { Bar, Counts, Fine, StatementText } from "../look/parts";
import { apartText, GroupMark, tallyById } from "../map/apart";
import { t } from "../words/words";
import { votesOf } from "./ballot";
import type { Identity } from "./keep";
import type { Model } from "./model";

export function ResultsScreen({ model }: { model: Model }) {
  const { state, identity } = model;
  if (!state || !identity || !state.results) return null;
  const results = state.results;
  const tallies = tallyById(results);
  const line = (id: string) => <Line key={id} id={id} state={state} identity={identity} tally={tallies[id]} />;
  return (
    <>
      <div>
        <h1>{t("results.title")}</h1>
        <p class="quiet">{t("results.size", { N: results.participants, Votes: results.votes })}</p>
      </div>
      <Section title={t("results.common")} ids={results.common} line={line} />
      {(results.groups || []).map((group) => group.apart.length > 0 && (
        <section class="card" key={group.letter}>
          <h2 class="group-head"><GroupMark letter={group.letter} /><span><Fine text={t("results.apart", { Letter: group.letter })} /></span></h2>
          <ul class="list">
            {group.apart.map((apart) => <ApartLine key={apart.id} letter={group.letter} apart={apart} state={state} tally={tallies[apart.id]} />)}
          </ul>
        </section>
      ))}
      <Section title={t("results.divisive")} ids={results.divisive} line={line} />
      <Section title={t("results.all")} ids={results.statements.map((one) => one.id)} line={line} />
    </>
  );
}

function Section({ title, ids, line }: { title: string; ids: string[]; line: (id: string) => preact.JSX.Element }) {
  if (!ids || ids.length === 0) return null;
  return (
    <section class="card">
      <h2><Fine text={title} /></h2>
      <ul class="list">{ids.map(line)}</ul>
    </section>
  );
}

function Line({ id, state, identity, tally }: { id: string; state: State; identity: Identity; tally: Tally | undefined }) {
  const statement = state.statements.filter((one) => one.id === id)[0];
  if (!statement || !tally) return null;
  const own = votesOf(state, identity)[id];
  const given = own && own.value;
  return (
    <li>
      <StatementText statement={statement} />
      <Bar {...tally} />
      <Counts {...tally} />
      {(given === "agree" || given === "disagree" || given === "pass") && <p class="small">{t("vote.yours", { Vote: t(`vote.${given}`) })}</p>}
    </li>
  );
}

function ApartLine({ letter, apart, state, tally }: { letter: string; apart: Apart; state: State; tally: Tally | undefined }) {
  const statement = state.statements.filter((one) => one.id === apart.id)[0];
  if (!statement) return null;
  return (
    <li>
      <StatementText statement={statement} />
      {tally && <Bar {...tally} />}
      <p class="quiet small">{apartText(letter, apart)}</p>
    </li>
  );
}
