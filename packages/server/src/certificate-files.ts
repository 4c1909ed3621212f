import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ServerCertificate } from "./certificates.ts";
import { ServerError } from "./server-error.ts";

/** Where a certificate of the owner's own is, both in PEM. */
export interface CertificateFiles {
  /** The server's certificate, then those between it and an authority. */
  readonly certificate: string;
  readonly key: string;
}

/** Reads and checks them. Throws a ServerError that names the file. */
export async function readCertificateFiles(files: CertificateFiles): Promise<ServerCertificate> {
  const [chain, key] = await Promise.all([read(files.certificate), read(files.key)]);
  const fits = attempt(
    () => new X509Certificate(chain).checkPrivateKey(createPrivateKey(key)),
    `${files.certificate} and ${files.key} are not a certificate and its key in PEM.`,
  );
  if (!fits) {
    throw new ServerError("certificate-failed", `The key in ${files.key} is not that of ${files.certificate}.`);
  }
  return { key, chain };
}

/** The names for which a certificate was made, without those that stand for many. */
export function namesOf({ chain }: Pick<ServerCertificate, "chain">): readonly string[] {
  const names = new X509Certificate(chain).subjectAltName?.split(", ") ?? [];
  return names.flatMap((name) => (/^DNS:[^*]+$/.test(name) ? [name.slice(4)] : []));
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ServerError("certificate-failed", `${path} cannot be read.`, { cause });
  }
}

function attempt<T>(work: () => T, message: string): T {
  try {
    return work();
  } catch (cause) {
    throw new ServerError("certificate-failed", message, { cause });
  }
}
