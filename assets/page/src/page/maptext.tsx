// The map as text, for those who cannot see it: the same sentences, its groups in
// a table, and what they share and where they differ.
import type { OpinionMap, State } from "../hub/types";
import { Counts, Fine, StatementText } from "../look/parts";
import { GroupMark, tallyById } from "../map/apart";
import { byLetter, sentences, uncertain } from "../map/sentences";
import { shapeOf } from "../map/shapes";
import { t } from "../words/words";

export function MapText({ map, state }: { map: OpinionMap; state: State }) {
  const results = state.results;
  return (
    <details>
      <summary>{t("map.text")}</summary>
      {sentences(map).concat(uncertain(map)).map((line) => <p key={line}><Fine text={line} /></p>)}
      {map.groups_found && <Figures map={map} />}
      {results && <Found title={t("results.common")} ids={results.common} state={state} />}
      {results && <Found title={t("results.divisive")} ids={results.divisive} state={state} />}
    </details>
  );
}

function Figures({ map }: { map: OpinionMap }) {
  const scene = map.scene;
  if (!scene) return null;
  const alone = scene.marks.filter((mark) => !mark.group).reduce((sum, mark) => sum + mark.people, 0);
  return (
    <table>
      <caption class="spoken">{t("map.title")}</caption>
      <thead>
        <tr><th scope="col">{t("map.col_group")}</th><th scope="col">{t("map.col_shape")}</th><th scope="col">{t("map.col_people")}</th></tr>
      </thead>
      <tbody>
        {byLetter(scene).map((label) => (
          <tr key={label.group}>
            <th scope="row">{t("map.group", { Letter: label.group })}</th>
            <td><GroupMark letter={label.group} /> {t(`shape.${shapeOf(label.group)}`)}</td>
            <td>{label.people}</td>
          </tr>
        ))}
        {alone > 0 && <tr><th scope="row">{t("map.ungrouped")}</th><td>{t("shape.ring")}</td><td>{alone}</td></tr>}
      </tbody>
    </table>
  );
}

function Found({ title, ids, state }: { title: string; ids: string[]; state: State }) {
  const tallies = state.results ? tallyById(state.results) : {};
  const known = (ids || []).map((id) => state.statements.filter((one) => one.id === id)[0]).filter((one) => one !== undefined);
  if (known.length === 0) return null;
  return (
    <>
      <h2><Fine text={title} /></h2>
      <ul class="list">
        {known.map((statement) => {
          const tally = tallies[statement.id];
          return <li key={statement.id}><StatementText statement={statement} />{tally && <Counts {...tally} />}</li>;
        })}
      </ul>
    </>
  );
}
