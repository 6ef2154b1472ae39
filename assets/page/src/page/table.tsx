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
      <SeatCard model={model} table={table} />
      <Topic table={table} />
      <section class="card">
        <h2>{t("table.people")}</h2>
        <ul class="people">
          {table.people.map((seat) => <li key={seat.number}>{seatName(seat)}</li>)}
        </ul>
      </section>
    </>
  );
}

export function DownScreen({ model }: { model: Model }) {
  const table = model.state && model.state.table;
  if (!table || !model.state) return null;
  return (
    <>
      {table.number > 0 && <SeatCard model={model} table={table} />}
      <Topic table={table} />
      <section class="card down">
        <h1><Fine text={t("down.title")} /></h1>
        <p class="quiet"><Fine text={t("down.help")} /></p>
        <RunningClock step={model.state.step} now={() => model.now()} />
      </section>
    </>
  );
}

function SeatCard({ model, table }: { model: Model; table: Table }) {
  if (!model.state) return null;
  if (table.number === 0) return <section class="card seat"><p>{t("table.none")}</p></section>;
  return (
    <section class="card seat">
      <p class="quiet">{t("table.you_at", { Person: personName(model.state.me) })}</p>
      <p class="number">{t("table.number", { N: table.number })}</p>
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
