/** A host and port as they may stand in a header: nothing that could end a directive. */
const HOST = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** `Host` when it is well-formed. */
export function checkedHost(host: string | undefined): string | undefined {
  return host !== undefined && HOST.test(host) ? host : undefined;
}

/** What the page's build calls the workers that may compile WebAssembly. */
const WASM_WORKER = /^\/assets\/[a-z-]+-wasm-worker-[A-Za-z0-9_-]{8,}\.js$/;

/**
 * The policy of the one at `path`, if that is one: its own, because the page shall not have what it has. It talks to this
 * server alone, to load what it runs. See docs/decisions/0023-wasm-workers.md.
 */
export function workerPolicy(path: string): string | undefined {
  if (!WASM_WORKER.test(path)) return undefined;
  return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'";
}

/**
 * What goes with every answer. The page is cross-origin isolated, loads nothing from elsewhere, runs no inline script,
 * and tells nobody its address, which holds the room's secret. HSTS is not among it: with a certificate of our own
 * making, a browser would then refuse to go on. `brokers` are addresses of those that stand
 * elsewhere, as the server's owner gave them. `frames`: origins whose pages may hold ours in a frame.
 */
export function securityHeaders(
  host: string | undefined,
  { brokers = [], frames = [] }: { brokers?: readonly string[]; frames?: readonly string[] } = {},
): Readonly<Record<string, string>> {
  const name = checkedHost(host);
  const own = name === undefined ? "" : ` ws://${name} wss://${name}`;
  const elsewhere = brokers.flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : []));
  const sockets = [own, ...new Set(elsewhere)].join(" ");
  return {
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob: mediastream:",
      "font-src 'self'",
      `connect-src 'self'${sockets}`,
      "worker-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${frames.length === 0 ? "'none'" : frames.join(" ")}`,
    ].join("; "),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy":
      "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), screen-wake-lock=(self), " +
      "autoplay=(self), speaker-selection=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    // It knows no origins; where there is a list, the policy above says the same better.
    ...(frames.length === 0 ? { "X-Frame-Options": "DENY" } : {}),
  };
}
