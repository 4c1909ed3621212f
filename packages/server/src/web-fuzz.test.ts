// The HTTP surface against what no browser sends. A failure prints the seed and the smallest request; it then becomes an
// example here.
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { serverRig } from "./testing/server-rig.ts";

const rig = serverRig({ "index.html": "<!doctype html><title>page</title>", "r/index.html": "<title>room</title>" });

/** `npm run fuzz` says how long. */
const SECONDS = Number(process.env["MQTT_MEET_FUZZ_S"] ?? 0);
const RUNS = SECONDS > 0 ? { numRuns: 1_000_000, interruptAfterTimeLimit: SECONDS * 1000 } : { numRuns: 150 };
/** What is beside the pages and never leaves the machine. */
const SECRET = "nobody-may-read-this-file";

const raw = (arbitrary: fc.Arbitrary<string>) => arbitrary.map((text) => text.replace(/[\r\n]/g, " "));
const junk = raw(fc.string({ unit: "binary", maxLength: 60 }));
const segment = fc.oneof(
  fc.constantFrom(
    "",
    ".",
    "..",
    "%2e%2e",
    "%2E%2e%2f",
    "..%5c",
    "..\\",
    "r",
    "mqtt",
    "state",
    "secret.txt",
    "meet",
    "%00",
    "%ff",
    "%",
  ),
  fc.constantFrom(
    "index.html",
    "index.html.br",
    "config.json",
    "ca.crt",
    "healthz",
    "readyz",
    "metrics",
    "assets",
    "a".repeat(300),
  ),
  junk,
);
const path = fc
  .tuple(fc.array(segment, { maxLength: 8 }), fc.constantFrom("/", "//", "\\", "/./"), fc.option(junk, { nil: "" }))
  .map(([parts, separator, query]) => `/${parts.join(separator)}${query && `?${query}`}`);
const target = fc.oneof(
  { weight: 6, arbitrary: path },
  { weight: 1, arbitrary: path.map((text) => `http://elsewhere.example${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("*", "", "elsewhere.example:443", "http://", "http://[", "//", "///etc/passwd"),
  },
);
const method = fc.constantFrom(
  "GET",
  "GET",
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PRI",
  "get",
  "G T",
);
const header = fc.oneof(
  fc.constantFrom(
    "Host: localhost",
    "Host: ",
    "Host: a, b",
    "Host: [::1",
    "Host: x:y",
    "Host: ../..",
    "Host: <script>",
  ),
  fc.constantFrom(
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Connection: upgrade, close",
    "Upgrade: h2c",
    "Connection: ,",
  ),
  fc.constantFrom("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 99", "Sec-WebSocket-Protocol: mqtt"),
  fc.constantFrom(
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Key: x",
    'Sec-WebSocket-Extensions: permessage-deflate; x="',
  ),
  fc.constantFrom("Origin: null", "Origin: http://localhost", "Origin: http://[", "Origin: https://evil.example"),
  fc.constantFrom(
    "X-Forwarded-For: ,,,,",
    "X-Forwarded-Host: \u00ff",
    "X-Forwarded-Proto: gopher",
    'Forwarded: for="_x"',
  ),
  fc.constantFrom(
    "If-None-Match: *",
    'If-None-Match: "',
    "Accept-Encoding: br;q=x, *",
    "Range: bytes=9-1,-,",
    "Expect: 100-continue",
  ),
  fc.constantFrom(
    "Content-Length: 5",
    "Content-Length: -1",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: x",
    "Cookie: a",
  ),
  fc.tuple(junk, junk).map(([name, value]) => `${name}: ${value}`),
);
const request = fc.record({
  method,
  target,
  headers: fc.array(header, { maxLength: 12 }),
  body: fc.option(fc.uint8Array({ maxLength: 60 }), { nil: undefined }),
  /** The client goes away at this byte. */
  cutAt: fc.option(fc.nat(200), { nil: undefined }),
});

interface FuzzedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array | undefined;
  readonly cutAt: number | undefined;
}

function bytesOf({ method: verb, target: where, headers, body, cutAt }: FuzzedRequest): Buffer {
  const head = `${verb} ${where} HTTP/1.1\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), body ?? new Uint8Array(0)]).subarray(0, cutAt);
}

/** What the server says until it closes, or until the client has said all and hangs up. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket: Socket = connect(port, "127.0.0.1");
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      // An upgrade that was granted, or a connection that is kept, ends with us.
      socket.end();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.end(bytes);
  });
}

test.each([{ basePath: "" }, { basePath: "/meet" }])(
  "no path, header or upgrade makes the HTTP side fail, or show what is not a page ($basePath)",
  async ({ basePath }) => {
    const faults: unknown[] = [];
    const onFault = (error: unknown) => faults.push(error);
    process.on("uncaughtException", onFault);
    rig.cleanUps.push(() => process.off("uncaughtException", onFault));
    const { writeFile, mkdir } = await import("node:fs/promises");
    await mkdir(join(rig.folder, "state"), { recursive: true });
    await mkdir(join(rig.folder, "pages"), { recursive: true });
    for (const place of ["secret.txt", "state/secret.txt"]) await writeFile(join(rig.folder, place), SECRET);
    await writeFile(join(rig.folder, "pages", "index.html"), "<!doctype html><title>page</title>");
    const server = await rig.start({ webRoot: join(rig.folder, "pages"), basePath });
    const healthy = async () => (await fetch(`http://127.0.0.1:${server.port}/healthz`)).status;
    await fc.assert(
      fc.asyncProperty(request, async (sent) => {
        const answer = await exchange(server.port, bytesOf(sent));
        expect(answer).not.toContain(SECRET);
        // Nothing, a status that is meant, and never a fault of ours.
        if (answer !== "") expect(answer).toMatch(/^HTTP\/1\.1 (?:10[01]|200|304|308|40[0-9]|41[0-9]|426|431|503) /);
      }),
      { ...RUNS, endOnFailure: false },
    );
    expect(await healthy()).toBe(200);
    expect(faults).toEqual([]);
  },
  SECONDS > 0 ? SECONDS * 2_000 + 60_000 : 60_000,
);
