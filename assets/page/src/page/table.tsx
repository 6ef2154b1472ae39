// My table: its number, who sits there, what it talks about; and devices down.
import type { Seat, Table } from "../hub/types";
import { Fine } from "../look/parts";
import { RunningClock } from "../look/clock";
import { personName, t } from "../words/words";
import type { Model } from "./model";

export function TableScreen({ model }: { model: Model }) {
  const table = model.state && model.state.table;
  if (!table || !model.state) return null;
  return (
    <>
      <SeatCard model={model} table={table} heads />
      <Topic table={table} />
      {table.people.length > 0 && (
        <section class="card">
          <h2>{t("table.people")}</h2>
          <ul class="people">
            {table.people.map((seat) => <li key={seat.number}>{seatName(seat)}</li>)}
          </ul>
        </section>
      )}
    </>
  );
}

export function DownScreen({ model }: { model: Model }) {
  const table = model.state && model.state.table;
  if (!table || !model.state) return null;
  return (
    <>
      {table.number > 0 && <SeatCard model={model} table={table} heads={false} />}
      <Topic table={table} />
      <section class="card down">
        <h1><Fine text={t("down.title")} /></h1>
        <p class="quiet"><Fine text={t("down.help")} /></p>
        <RunningClock step={model.state.step} now={() => model.now()} />
      </section>
    </>
  );
}

/** The number is the heading of the screen, unless "devices down" is. */
function SeatCard({ model, table, heads }: { model: Model; table: Table; heads: boolean }) {
  const Number = heads ? "h1" : "p";
  if (!model.state) return null;
  if (table.number === 0) return <section class="card seat"><Number>{t("table.none")}</Number></section>;
  return (
    <section class="card seat">
      <p class="quiet">{t("table.you_at", { Person: personName(model.state.me) })}</p>
      <Number class="number">{t("table.number", { N: table.number })}</Number>
      {table.name && <p>{table.name}</p>}
      {table.host && <p>{t("table.host", { Person: seatName(table.host) })}</p>}
    </section>
  );
}

function Topic({ table }: { table: Table }) {
  if (!table.question) return null;
  return (
    <section class="card topic">
      <h2>{t("table.topic")}</h2>
      <p><Fine text={table.question} /></p>
    </section>
  );
}

function seatName(seat: Seat): string {
  return personName(seat) + (seat.name ? " " + seat.name : "");
}
