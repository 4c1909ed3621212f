import { type CertificateFiles, readCertificateFiles } from "./certificate-files.ts";
import { type ServerCertificate, serverCertificate } from "./certificates.ts";
import { LiveCertificate } from "./live-certificate.ts";

/** Where a server's certificate comes from. */
export interface SiteCertificateOptions {
  /** The names that one of our own making has to have. */
  readonly hosts: readonly string[];
  /** Where those of our own making are kept. */
  readonly stateFolder: string;
  /** The owner's own, instead. */
  readonly files: CertificateFiles | undefined;
  readonly onRenewed: () => void;
  readonly onProblem: (error: unknown) => void;
}

/** Whoever renews a certificate waits so long at most until it is shown, without any signal. */
const FILES_EVERY_MS = 10_000;
/** Those of our own making are renewed weeks before their end. */
const OWN_EVERY_MS = 12 * 3600 * 1000;

/** The certificate of a server, watched from now on. Throws a ServerError when there is none to begin with. */
export async function openSiteCertificate(options: SiteCertificateOptions): Promise<LiveCertificate> {
  const { hosts, stateFolder, files, onProblem } = options;
  const load = (): Promise<ServerCertificate> =>
    files ? readCertificateFiles(files) : serverCertificate({ folder: stateFolder, hosts });
  const everyMs = files ? FILES_EVERY_MS : OWN_EVERY_MS;
  const live = new LiveCertificate({ first: await load(), load, everyMs, onProblem });
  live.onChange(() => options.onRenewed());
  return live;
}
