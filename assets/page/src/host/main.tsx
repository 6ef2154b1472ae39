// The facilitator's page, on the facilitator's computer only.
import { render } from "preact";
import { Frame } from "./frame";
import { listen } from "./keys";
import { Host } from "./model";

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  const host: Host = new Host(() => render(<Frame host={host} />, root));
  host.start();
  listen(host);
}
