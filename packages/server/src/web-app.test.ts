import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AllowedOrigins } from "./allowed-origins.ts";
import { pageBroker } from "./broker-choice.ts";
import { webApp } from "./web-app.ts";

const SCRIPT = `export const text = "${"long ".repeat(500)}";\n`;
let folder: string;
let app: ReturnType<typeof webApp>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mqtt-meet-"));
  const webRoot = join(folder, "web");
  await mkdir(join(webRoot, "assets"), { recursive: true });
  await writeFile(join(webRoot, "index.html"), "<!doctype html><title>page</title>");
  await mkdir(join(webRoot, "r"));
  await writeFile(join(webRoot, "r/index.html"), "<!doctype html><title>room</title>");
  await writeFile(join(webRoot, "icon.svg"), "<svg/>");
  await writeFile(join(webRoot, "assets/app-Dk3x_9aB.js"), SCRIPT);
  await writeFile(join(webRoot, "assets/plain.js"), SCRIPT);
  await writeFile(join(webRoot, ".hidden"), "secret");
  await writeFile(join(folder, "outside.txt"), "secret");
  await symlink(join(folder, "outside.txt"), join(webRoot, "link.txt"));
  app = webApp({ webRoot, version: "1.2.3", authority: "PEM" });
});
afterAll(() => rm(folder, { recursive: true }));

const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(`http://localhost:8080${path}`, { headers: { host: "localhost:8080", ...headers } });

test.each([
  ["/", "page"],
  ["/index.html", "page"],
  ["/r/blue-fox", "room"],
  ["/r/%E6%97%A9", "room"],
  ["/r/a?b", "room"],
])("the page at %s is asked for again each time", async (path, title) => {
  const response = await get(path);
  expect([response.status, await response.text()]).toEqual([200, `<!doctype html><title>${title}</title>`]);
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(response.headers.get("cache-control")).toBe("no-cache");
});

test("a slash too much at the end of a link does no harm", async () => {
  const response = await get("/r/%E6%97%A9/");
  expect([response.status, response.headers.get("location")]).toEqual([308, "../%E6%97%A9"]);
});

test("configuration, health and authority", async () => {
  expect(await (await get("/config.json")).json()).toEqual({ version: "1.2.3", broker: "mqtt" });
  expect(await (await get("/healthz")).json()).toEqual({ ok: true });
  const authority = await get("/ca.crt");
  expect([await authority.text(), authority.headers.get("content-type")]).toEqual([
    "PEM",
    "application/x-x509-ca-cert",
  ]);
  const without = webApp({ webRoot: folder, version: "1.2.3" });
  expect((await without.request("http://localhost/ca.crt")).status).toBe(404);
});

test("every answer isolates the page and keeps others out", async () => {
  for (const path of ["/", "/assets/plain.js", "/config.json", "/ca.crt", "/nothing"]) {
    const { headers } = await get(path);
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("permissions-policy")).toContain("camera=(self), microphone=(self), display-capture=(self)");
    const csp = headers.get("content-security-policy");
    expect(csp).toContain("default-src 'none'; script-src 'self';");
    expect(csp).toContain("connect-src 'self' ws://localhost:8080 wss://localhost:8080;");
    expect(csp).not.toContain("unsafe");
  }
});

test("pages are told of other brokers with camera topics, and may reach them", async () => {
  const broker = pageBroker(undefined, { cameraBrokers: ["wss://plant.example:8084/mqtt", "ws://10.0.0.7/mqtt"] });
  const open = webApp({ webRoot: join(folder, "web"), version: "1.2.3", broker });
  const ask = (path: string) => open.request(`http://localhost:8080${path}`, { headers: { host: "localhost:8080" } });
  const { cameraBrokers } = (await (await ask("/config.json")).json()) as { readonly cameraBrokers: unknown };
  expect(cameraBrokers).toEqual(["wss://plant.example:8084/mqtt", "ws://10.0.0.7/mqtt"]);
  const policy = (await ask("/")).headers.get("content-security-policy");
  expect(policy).toContain(
    "connect-src 'self' ws://localhost:8080 wss://localhost:8080 wss://plant.example:8084 ws://10.0.0.7;",
  );
});

test("workers that compile WebAssembly may, and reach nothing but this server; no other answer lets anything compile", async () => {
  const policyOf = async (path: string) => (await get(path)).headers.get("content-security-policy") ?? "";
  const policy = await policyOf("/assets/segment-wasm-worker-Dk3x_9aB.js");
  expect(policy).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'",
  );
  const others = ["/", "/r/a-wasm-worker-Dk3x_9aB.js", "/assets/a-wasm-worker-Dk3x_9aB.js.map", "/assets/plain.js"];
  for (const path of others) expect(await policyOf(path)).not.toContain("unsafe");
});

test("other sites may hold the page and read its code once one is allowed, and the allowed ones alone its configuration", async () => {
  const allowedOrigins = new AllowedOrigins(["https://blog.example"]);
  const open = webApp({ webRoot: join(folder, "web"), version: "1.2.3", allowedOrigins });
  const seen = async (path: string, origin: string) => {
    const { headers } = await open.request(`http://localhost:8080${path}`, { headers: { origin } });
    const names = ["access-control-allow-origin", "cross-origin-resource-policy", "vary"];
    return names.map((name) => headers.get(name));
  };
  expect(await seen("/assets/plain.js", "https://evil.example")).toEqual(["*", "cross-origin", "Accept-Encoding"]);
  expect(await seen("/config.json", "https://blog.example")).toEqual(["https://blog.example", "same-origin", "Origin"]);
  expect(await seen("/config.json", "https://evil.example")).toEqual([null, "same-origin", "Origin"]);
  expect(await seen("/icon.svg", "https://blog.example")).toEqual([null, "same-origin", null]);
  const { headers } = await open.request("http://localhost:8080/r/blue-fox");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors https://blog.example");
  expect([headers.get("x-frame-options"), headers.get("cross-origin-resource-policy")]).toEqual([null, "cross-origin"]);
});

test("nobody holds the page in a frame, or reads anything of it from elsewhere, unless allowed", async () => {
  for (const path of ["/r/blue-fox", "/assets/plain.js", "/config.json"]) {
    const { headers } = await get(path, { origin: "https://evil.example" });
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect([headers.get("x-frame-options"), headers.get("access-control-allow-origin")]).toEqual(["DENY", null]);
  }
});

test("a forged Host does not get into the policy", async () => {
  const { headers } = await get("/", { host: "a; script-src *" });
  expect(headers.get("content-security-policy")).toContain("connect-src 'self'; worker-src");
});

test("hashed assets are kept for good, others are not", async () => {
  const hashed = await get("/assets/app-Dk3x_9aB.js");
  expect(hashed.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(hashed.headers.get("content-type")).toMatch(/javascript/);
  expect((await get("/assets/plain.js")).headers.get("cache-control")).toBe("no-cache");
});

test("assets are compressed as the browser can", async () => {
  const encoded = async (accept: string) => {
    const response = await get("/assets/plain.js", { "accept-encoding": accept });
    expect(response.headers.get("vary")).toBe("Accept-Encoding");
    return { encoding: response.headers.get("content-encoding"), body: new Uint8Array(await response.arrayBuffer()) };
  };
  const brotli = await encoded("gzip, deflate, br, zstd");
  expect([brotli.encoding, brotliDecompressSync(brotli.body).toString()]).toEqual(["br", SCRIPT]);
  const gzip = await encoded("gzip;q=1.0, br;q=0");
  expect([gzip.encoding, gunzipSync(gzip.body).toString()]).toEqual(["gzip", SCRIPT]);
  expect(gzip.body.length).toBeLessThan(SCRIPT.length / 10);
  expect((await encoded("")).encoding).toBeNull();
  expect((await get("/icon.svg", { "accept-encoding": "br" })).headers.get("content-encoding")).toBeNull();
});

test("a browser that has the file gets none", async () => {
  const etag = (await get("/")).headers.get("etag") ?? "";
  const again = await get("/", { "if-none-match": etag });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await get("/", { "if-none-match": '"other"' })).status).toBe(200);
});

test("a file that was built again is noticed", async () => {
  const path = join(folder, "web/assets/changing.js");
  await writeFile(path, "one");
  expect(await (await get("/assets/changing.js")).text()).toBe("one");
  await writeFile(path, "two");
  await utimes(path, new Date(1000), new Date(1000));
  expect(await (await get("/assets/changing.js")).text()).toBe("two");
});

test.each([
  "/nothing.js",
  "/assets",
  "/assets/",
  "/.hidden",
  "/link.txt",
  "/../outside.txt",
  "/%2e%2e/outside.txt",
  "/..%2foutside.txt",
  "/assets/..%2f..%2foutside.txt",
  "/assets/%2e%2e/%2e%2e/outside.txt",
  "/assets\\..\\..\\outside.txt",
  "//outside.txt",
  "/r/a/b",
  "/%00",
  "/%ff",
])("nothing is found at %s", async (path) => {
  const response = await get(path);
  expect([response.status, await response.text()]).toEqual([404, "There is nothing here.\n"]);
});

test("only reading is possible", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const response = await app.request("http://localhost/", { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  }
  const head = await app.request("http://localhost/", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("a page that is not built says so", async () => {
  const bare = webApp({ webRoot: join(folder, "missing"), version: "1.2.3" });
  const response = await bare.request("http://localhost/r/x");
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("npm run build");
});
