import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import { ServerError } from "./server-error.ts";

/** What a TLS server needs, in PEM. */
export interface ServerCertificate {
  readonly key: string;
  /** The server's certificate first, then those that it stands on. */
  readonly chain: string;
  /** Our own authority's certificate: who installs it gets no warning. Absent where another has signed. */
  readonly authority?: string | undefined;
}

interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

const DAY_MS = 24 * 3600 * 1000;
/** The longest that Apple accepts from an authority that somebody installed. */
const AUTHORITY_DAYS = 825;
/** The longest that browsers accept. */
const SERVER_DAYS = 397;
/** Renewed so long before the end that a server which runs for weeks does not outlive it. */
const RENEWAL_DAYS = 60;
const EC = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/**
 * The certificate for `hosts`, from `folder`; made there when it is missing, is about to expire, or lacks a host. The
 * authority stays the same as long as it can, so that it is installed once. Throws a ServerError.
 */
export async function serverCertificate(options: {
  readonly folder: string;
  readonly hosts: readonly string[];
  readonly nowMs?: number;
}): Promise<ServerCertificate & { readonly authority: string }> {
  const { folder, hosts, nowMs = Date.now() } = options;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let authority = await readPair(folder, "ca");
    if (!authority || !isFresh(authority, nowMs)) {
      authority = await makeAuthority(nowMs);
      await writePair(folder, "ca", authority);
    }
    let server = await readPair(folder, "server");
    if (!server || !isFresh(server, nowMs) || !covers(server, hosts) || !isSignedBy(server, authority)) {
      server = await makeServer(hosts, authority, nowMs);
      await writePair(folder, "server", server);
    }
    const { key, certificate } = server;
    return { key, chain: `${certificate.trim()}\n${authority.certificate}`, authority: authority.certificate };
  } catch (cause) {
    throw new ServerError("certificate-failed", `The certificate could not be made in ${folder}.`, { cause });
  }
}

async function readPair(folder: string, name: string): Promise<KeyPair | undefined> {
  try {
    const [key, certificate] = await Promise.all([
      readFile(join(folder, `${name}.key`), "utf8"),
      readFile(join(folder, `${name}.crt`), "utf8"),
    ]);
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ? { key, certificate } : undefined;
  } catch {
    return undefined; // missing or damaged: made again
  }
}

async function writePair(folder: string, name: string, { key, certificate }: KeyPair): Promise<void> {
  await writePrivate(join(folder, `${name}.key`), key);
  await writePrivate(join(folder, `${name}.crt`), certificate);
}

/** Whoever reads the file meanwhile finds the old or the new text, and only the owner reads it. */
async function writePrivate(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text, { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, path);
}

function isFresh({ certificate }: KeyPair, nowMs: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificate);
  return Date.parse(validFrom) <= nowMs && Date.parse(validTo) - RENEWAL_DAYS * DAY_MS > nowMs;
}

function covers({ certificate }: KeyPair, hosts: readonly string[]): boolean {
  const x509 = new X509Certificate(certificate);
  return hosts.every((host) => (isIP(host) ? x509.checkIP(host) : x509.checkHost(host)) !== undefined);
}

function isSignedBy({ certificate }: KeyPair, authority: KeyPair): boolean {
  return new X509Certificate(certificate).verify(new X509Certificate(authority.certificate).publicKey);
}

async function makeAuthority(nowMs: number): Promise<KeyPair> {
  const made = await generate([{ name: "commonName", value: "mqtt-meet local CA" }], {
    ...EC,
    ...validity(AUTHORITY_DAYS, nowMs),
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { key: made.private, certificate: made.cert };
}

async function makeServer(hosts: readonly string[], authority: KeyPair, nowMs: number): Promise<KeyPair> {
  const altNames = hosts.map((host) =>
    isIP(host) ? ({ type: 7, ip: host } as const) : ({ type: 2, value: host } as const),
  );
  const made = await generate([{ name: "commonName", value: "mqtt-meet" }], {
    ...EC,
    ...validity(SERVER_DAYS, nowMs),
    ca: { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return { key: made.private, certificate: made.cert };
}

/** From an hour ago: clocks differ. */
function validity(days: number, nowMs: number): { notBeforeDate: Date; notAfterDate: Date } {
  const notBeforeMs = nowMs - 3600 * 1000;
  return { notBeforeDate: new Date(notBeforeMs), notAfterDate: new Date(notBeforeMs + days * DAY_MS) };
}
