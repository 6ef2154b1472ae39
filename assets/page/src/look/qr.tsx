// The QR of the join address, as the hub drew it: dark modules on white, with
// the quiet zone of four modules that readers need.
import type { QR } from "../hub/types";

export function Code({ qr, label }: { qr: QR | null; label: string }) {
  if (!qr || !qr.path) return null;
  return (
    <svg class="qr" viewBox={`-4 -4 ${qr.size + 8} ${qr.size + 8}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect x="-4" y="-4" width={qr.size + 8} height={qr.size + 8} rx="2" fill="#ffffff" />
      <path d={qr.path} fill="#1f2430" fill-rule="evenodd" />
    </svg>
  );
}

/** Six digits in two threes: "482 163". */
export function spaced(code: string): string {
  return code.replace(/^(\d{3})(\d{3})$/, "$1 $2");
}

/** An address as one types it: without its beginning, and without port 80. */
export function typed(address: string): string {
  return address.replace(/^http:\/\//, "").replace(/:80$/, "").replace(/\/+$/, "");
}
