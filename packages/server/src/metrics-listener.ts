import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { metricsText, type ProcessUse, type ServerNumbers } from "./metrics-text.ts";
import { checkedHost } from "./security-headers.ts";
import { translateListenError } from "./server-error.ts";
import { isLoopbackHost } from "./site-address.ts";
import { SPAN_MS, StatusMonitor } from "./status/status-monitor.ts";
import { statusPage } from "./status/status-page.ts";
import { STATUS_SCRIPT } from "./status/status-script.ts";
import { STATUS_STYLE } from "./status/status-style.ts";
import { wordsFor } from "./status/status-words.ts";

/** How many meet here is nobody's business elsewhere. */
const HOST = "127.0.0.1";
const REQUEST_MS = 5_000;
const TYPES = {
  metrics: "text/plain; version=0.0.4; charset=utf-8",
  page: "text/html; charset=utf-8",
  style: "text/css; charset=utf-8",
  script: "text/javascript; charset=utf-8",
} as const;

/** The status page loads its own two files and nothing else, and stands in no other page. */
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** A port of this machine for who runs the server: the status page, and the numbers for Prometheus at `/metrics`. */
export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens it; 0: any free port. Throws a ServerError. */
export async function openMetrics(port: number, numbers: () => ServerNumbers): Promise<MetricsListener> {
  const limits = { headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS };
  const monitor = new StatusMonitor(numbers, processUse);
  const server = createServer(limits, (request, response) => {
    const answer = answerTo(request, { numbers, monitor });
    respond(response, answer ?? { status: 404, type: "text/plain", text: "There are / and /metrics.\n" });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      monitor.close();
      reject(translateListenError(cause, { host: HOST, port }));
    });
    server.listen(port, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        monitor.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly text: string;
}

/** Undefined: there is no such thing. */
function answerTo(
  { method, url = "/", headers }: IncomingMessage,
  { numbers, monitor }: { readonly numbers: () => ServerNumbers; readonly monitor: StatusMonitor },
): Answer | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  // A page from elsewhere that had its own name point to this machine comes with that name.
  const name = checkedHost(headers.host)
    ?.replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
  if (name === undefined || !isLoopbackHost(name)) {
    return { status: 403, type: "text/plain", text: "Ask by the name localhost or 127.0.0.1.\n" };
  }
  const { pathname, searchParams } = new URL(url, "http://localhost");
  switch (pathname) {
    case "/": {
      const { version, isReady } = numbers();
      const { uptimeS } = processUse();
      const words = wordsFor({ query: searchParams.get("lang"), accept: headers["accept-language"] });
      const { points } = monitor;
      return { type: TYPES.page, text: statusPage({ version, isReady, uptimeS, points, spanMs: SPAN_MS }, words) };
    }
    case "/status.css":
      return { type: TYPES.style, text: STATUS_STYLE };
    case "/status.js":
      return { type: TYPES.script, text: STATUS_SCRIPT };
    case "/metrics":
      return { type: TYPES.metrics, text: metricsText(numbers(), processUse()) };
    default:
      return undefined;
  }
}

function respond(response: ServerResponse, { status = 200, type, text }: Answer): void {
  response.writeHead(status, { ...HEADERS, "Content-Type": type }).end(text);
}

function processUse(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return { residentBytes: process.memoryUsage.rss(), cpuS: (user + system) / 1e6, uptimeS: process.uptime() };
}
