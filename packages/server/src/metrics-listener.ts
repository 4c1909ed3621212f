import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrokerStatistics } from "@mqtt-meet/broker";
import { metricsText } from "./metrics-text.ts";
import { translateListenError } from "./server-error.ts";

/** How many meet here is nobody's business elsewhere. */
const HOST = "127.0.0.1";
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const REQUEST_MS = 5_000;

/** A port of this machine on which Prometheus finds the numbers of the server, at `/metrics`. */
export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens it; 0: any free port. Throws a ServerError. */
export async function openMetrics(port: number, statistics: () => BrokerStatistics): Promise<MetricsListener> {
  const limits = { headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS };
  const server = createServer(limits, (request, response) => {
    const isScrape = request.url === "/metrics" && (request.method === "GET" || request.method === "HEAD");
    if (!isScrape) {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("The numbers are at /metrics.\n");
      return;
    }
    const { user, system } = process.cpuUsage();
    const use = { residentBytes: process.memoryUsage.rss(), cpuS: (user + system) / 1e6, uptimeS: process.uptime() };
    response.writeHead(200, { "Content-Type": CONTENT_TYPE }).end(metricsText(statistics(), use));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(translateListenError(cause, { host: HOST, port })));
    server.listen(port, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
