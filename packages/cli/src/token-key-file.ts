import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { TokenAlgorithm, TokenKey } from "@mqtt-meet/server";
import { UsageError } from "./usage-error.ts";

/** Reads a key for tokens from a PEM file. Throws UsageError. */
export async function loadTokenKey(path: string): Promise<TokenKey> {
  const pem = await readFile(path, "utf8").catch((cause) => {
    throw new UsageError(`The key ${path} cannot be read: mqtt-meet token create makes one.`, { cause });
  });
  return parsed(path, pem);
}

/** The same; a key that is not there is made, readable by its owner only. */
export async function loadOrMakeTokenKey(
  path: string,
  algorithm: TokenAlgorithm,
): Promise<{ readonly key: TokenKey; readonly made: boolean }> {
  const pem = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new UsageError(`The key ${path} cannot be read.`, { cause: error });
  });
  if (pem !== undefined) return { key: await parsed(path, pem), made: false };
  const text = newKeyPem(algorithm);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw new UsageError(`The key ${path} cannot be written.`, { cause });
  }
  return { key: await parsed(path, text), made: true };
}

function newKeyPem(algorithm: TokenAlgorithm): string {
  const { privateKey } =
    algorithm === "EdDSA" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

async function parsed(path: string, pem: string): Promise<TokenKey> {
  const { readTokenKey } = await import("@mqtt-meet/server");
  const key = readTokenKey(pem);
  if (!key) throw new UsageError(`${path} holds no key for tokens: they are signed with Ed25519 or P-256, in PEM.`);
  return key;
}
