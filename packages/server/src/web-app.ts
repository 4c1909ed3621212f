import { type Context, Hono } from "hono";
import { AllowedOrigins } from "./allowed-origins.ts";
import { type PageBroker, pageBroker } from "./broker-choice.ts";
import { securityHeaders, workerPolicy } from "./security-headers.ts";
import { type StaticFile, StaticFiles } from "./static-files.ts";

/** What the pages are made of. */
export interface WebAppOptions {
  /** The folder of the built page. */
  readonly webRoot: string;
  /** The version that `config.json` tells. */
  readonly version: string;
  /** PEM of our own authority, offered at `/ca.crt`. */
  readonly authority?: string | undefined;
  /** Browsers shall never come in clear again: of a certificate that they trust. */
  readonly strictTransport?: boolean | undefined;
  /** How pages and commands reach the broker. Default: beside the pages. */
  readonly broker?: PageBroker | undefined;
  /** Whose pages may show meetings. Default: nobody's. */
  readonly allowedOrigins?: AllowedOrigins | undefined;
  /** The host as the browser knows it, where a proxy says so. Default: the one in the request. */
  readonly forwardedHost?: ((node: unknown) => string | undefined) | undefined;
  /** Whether meetings are possible now. Default: always. */
  readonly isReady?: (() => boolean) | undefined;
}

/** Half a year; only this name, for we do not know its neighbours. */
const STRICT_TRANSPORT = `max-age=${180 * 24 * 3600}`;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>mqtt-meet</title>
<p>The server runs, but its page has not been built. In the project's folder, run <code>npm run build</code>, then
reload this page.</p></html>
`;

/** The HTTP side: pages, configuration, health. Rooms have no life here, only in the broker. */
export function webApp(options: WebAppOptions): Hono {
  const { webRoot, version, authority, broker = pageBroker(undefined), isReady = () => true } = options;
  const { allowedOrigins = new AllowedOrigins([]) } = options;
  const files = new StaticFiles(webRoot);
  const app = new Hono();
  app.use(async (context, next) => {
    if (context.req.method !== "GET" && context.req.method !== "HEAD") {
      context.res = context.text("Only GET and HEAD.\n", 405, { Allow: "GET, HEAD" });
    } else {
      await next();
    }
    const host = options.forwardedHost?.(context.env) ?? context.req.header("host");
    const policy = { brokers: [broker.broker, broker.cameraBrokers ?? []].flat(), frames: allowedOrigins.list };
    for (const [name, value] of Object.entries(securityHeaders(host, policy))) context.res.headers.set(name, value);
    const ofWorker = workerPolicy(context.req.path);
    if (ofWorker !== undefined) context.res.headers.set("Content-Security-Policy", ofWorker);
    openToOthers(context, allowedOrigins);
    if (options.strictTransport) context.res.headers.set("Strict-Transport-Security", STRICT_TRANSPORT);
  });
  const page = (path: string) => async (context: Context) => {
    const file = await files.find(path, context.req.header("accept-encoding"));
    return file ? respond(context, file) : context.html(NOT_BUILT, 503, { "Cache-Control": "no-store" });
  };
  app.get("/healthz", (context) => context.json({ ok: true }, 200, { "Cache-Control": "no-store" }));
  app.get("/readyz", (context) => {
    const ok = isReady();
    return context.json({ ok }, ok ? 200 : 503, { "Cache-Control": "no-store" });
  });
  app.get("/config.json", (context) => context.json({ version, ...broker }, 200, { "Cache-Control": "no-cache" }));
  if (authority !== undefined) {
    const headers = {
      "Content-Type": "application/x-x509-ca-cert",
      "Content-Disposition": 'attachment; filename="mqtt-meet-ca.crt"',
    };
    app.get("/ca.crt", (context) => context.body(authority, 200, headers));
  }
  app.get("/", page("/index.html"));
  // Its own page: what it loads is named relative to where it is, so that a site can be below a path.
  app.get("/r/:name", page("/r/index.html"));
  app.get("/r/:name/", (context) => context.redirect(`../${encodeURIComponent(context.req.param("name"))}`, 308));
  app.get("*", async (context) => {
    const file = await files.find(new URL(context.req.url).pathname, context.req.header("accept-encoding"));
    return file ? respond(context, file) : context.text("There is nothing here.\n", 404);
  });
  app.onError((_error, context) => context.text("Something went wrong in the server.\n", 500));
  return app;
}

/**
 * What pages of other origins may read, once at least one may show meetings: the code, which is the same everywhere, by any page, so
 * that one that is not allowed can say so; where the broker is, by the allowed ones only.
 */
function openToOthers({ req, res }: Context, allowedOrigins: AllowedOrigins): void {
  if (allowedOrigins.isEmpty) return;
  const { headers } = res;
  if (req.path === "/config.json") {
    headers.append("Vary", "Origin");
    const origin = req.header("origin") ?? "";
    if (allowedOrigins.includes(origin)) headers.set("Access-Control-Allow-Origin", origin);
  } else if (req.path === "/elements.js" || req.path.startsWith("/assets/")) {
    headers.set("Access-Control-Allow-Origin", "*");
    headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  } else if (req.path === "/" || req.path.startsWith("/r/")) {
    // Else no cross-origin isolated page could hold the frame; which others may is said by frame-ancestors.
    headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  }
}

function respond(context: Context, file: StaticFile): Response {
  if (context.req.header("if-none-match") === file.etag) return context.body(null, 304, { ...file.headers });
  return context.body(file.body, 200, { ...file.headers });
}
