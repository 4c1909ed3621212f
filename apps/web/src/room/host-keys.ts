import { type HostKey, newHostKey } from "@mqtt-meet/sdk";
import { KeptStore } from "../kept-store.ts";

const KEYS = new KeptStore({
  database: "mqtt-meet.host-keys",
  store: "keys",
  create: (database) => {
    const store = database.createObjectStore("keys", { autoIncrement: true });
    store.createIndex("fingerprint", "fingerprint", { unique: true });
  },
});
/** Of the meetings that were started last in this browser; those before are led by nobody any more. */
const MAX_KEPT = 50;

/** Of this page, for browsers that keep nothing. */
const made = new Map<string, HostKey>();

/**
 * A key for a meeting that is started here, kept by the browser so that a reload stays the host. Its private half cannot be
 * read, neither by this page. Undefined where the browser makes no such keys: the meeting then has no host. Never rejects.
 */
export async function makeHostKey(): Promise<HostKey | undefined> {
  try {
    const key = await newHostKey();
    made.set(key.fingerprint, key);
    void keep(key).catch(() => undefined); // until the page is closed it is there all the same
    return key;
  } catch {
    return undefined;
  }
}

/** The key of this fingerprint, if the meeting was started in this browser. Never rejects. */
export async function keptHostKey(fingerprint: string | undefined): Promise<HostKey | undefined> {
  if (fingerprint === undefined) return undefined;
  const known = made.get(fingerprint);
  if (known !== undefined) return known;
  try {
    const found: unknown = await KEYS.use("readonly", (store) => store.index("fingerprint").get(fingerprint));
    return isHostKey(found) ? { key: found.key, publicBytes: found.publicBytes, fingerprint } : undefined;
  } catch {
    return undefined; // no storage
  }
}

async function keep(key: HostKey): Promise<void> {
  await KEYS.use("readwrite", (store) => store.add({ ...key }));
  // The number of a key is its place in the order of making.
  const numbers = await KEYS.use("readonly", (store) => store.getAllKeys());
  const oldest = numbers.at(-MAX_KEPT - 1);
  if (oldest !== undefined) await KEYS.use("readwrite", (store) => store.delete(IDBKeyRange.upperBound(oldest)));
}

function isHostKey(value: unknown): value is HostKey {
  if (typeof value !== "object" || value === null) return false;
  return "key" in value && value.key instanceof CryptoKey && "publicBytes" in value;
}
