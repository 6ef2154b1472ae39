// Check-in: how to join, and who is here. That somebody answered is shown, what
// is not; names only while the mask is lifted.
import type { HostPerson, HostState } from "../hub/types";
import { Fine } from "../look/parts";
import { Code, spaced, typed } from "../look/qr";
import { animalName, t } from "../words/words";
import type { ViewProps } from "./frame";

export function CheckinView({ host, state }: ViewProps) {
  return (
    <div class="columns narrow-first">
      <JoinCard state={state} />
      <section class="card">
        <People state={state} names={host.masked ? null : state.names} />
        <Asked state={state} />
      </section>
    </div>
  );
}

function JoinCard({ state }: { state: HostState }) {
  const { wifi, addresses, code, qr } = state.join;
  return (
    <section class="card join-card" aria-label={t("host.join_how")}>
      <p><strong>1</strong> {wifi ? t("wall.wifi") : t("wall.wifi_here")}</p>
      {wifi && <p class="value">{wifi}</p>}
      <p><strong>2</strong> {t(state.badges ? "wall.badge_scan" : "wall.scan")}</p>
      {state.badges ? <p>{t("wall.badge_type")}</p> : <Code qr={qr} label={t("wall.scan_short")} />}
      {addresses.map((address) => <p class="value" key={address}>{typed(address)}</p>)}
      {!state.badges && <p class="code">{spaced(code)}</p>}
      <p class="quiet small"><Fine text={t("wall.no_internet")} /></p>
    </section>
  );
}

function People({ state, names }: { state: HostState; names: Record<string, string> | null }) {
  const people = state.people.slice().sort((a, b) => a.number - b.number);
  if (people.length === 0) {
    return (
      <div class="nothing">
        <h2>{t("host.nobody")}</h2>
        <p class="quiet"><Fine text={t(state.badges ? "host.nobody_badges" : "host.nobody_help")} /></p>
      </div>
    );
  }
  const count = (of: (person: HostPerson) => boolean) => people.filter(of).length;
  return (
    <>
      <h2 class="with-chips">
        {t(state.badges ? "host.people_title" : "host.devices_title", { N: people.length })}{" "}
        <span class="chip">{t("host.present", { N: count((p) => p.present) })}</span>{" "}
        <span class="chip">{t("host.answered", { N: count((p) => p.answered) })}</span>
      </h2>
      <ul class="roll">
        {people.map((person) => (
          <li key={person.id} class={person.present ? "" : "gone"}>
            <strong>{person.number}</strong>
            <span>{animalName(person.word)}{names && names[person.id] ? <em> {names[person.id]}</em> : null}</span>
            {person.answered && <span class="tick" role="img" aria-label={t("host.answered_mark")}>✓</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Asked({ state }: { state: HostState }) {
  if (!state.question) return null;
  const answered = state.people.filter((person) => person.asked).length;
  const all = Math.max(1, state.people.length);
  return (
    <section class="asked">
      <h2>{state.question.text}</h2>
      <div class="progress" aria-hidden="true"><span style={{ width: (100 * answered) / all + "%" }} /></div>
      <p>{t("host.question_state", { N: answered, Total: state.people.length })}</p>
      <p class="quiet small"><Fine text={t("host.question_private")} /></p>
    </section>
  );
}
