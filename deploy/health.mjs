// Ends with 0 when the server of this container answers: `node health.mjs [URL]`. Its certificate may be of its own making, for
// other names than this one; nothing secret is sent.
import { get as getInClear } from "node:http";
import { get as getWithTls } from "node:https";

const PATIENCE_MS = 4_000;
const url = new URL(process.argv[2] ?? "https://127.0.0.1:8080/healthz");
const get = url.protocol === "http:" ? getInClear : getWithTls;

get(url, { rejectUnauthorized: false, timeout: PATIENCE_MS }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
})
  .on("timeout", () => process.exit(1))
  .on("error", () => process.exit(1));
