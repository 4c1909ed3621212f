import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverCertificate } from "../../packages/server/src/certificates.ts";
import { Program } from "../../test/support/program.ts";
import { onPath } from "../../test/support/requirements.ts";
import { HUB_ADDRESS } from "./lab.ts";

/** Where it listens for pages. */
export const JANUS_ADDRESS = `wss://${HUB_ADDRESS}:8989/`;

/** What is missing for it, as a sentence; undefined where it is there. */
export function missingJanus(): string | undefined {
  return onPath("janus") === undefined
    ? 'Janus is not installed: "apt-get install janus" on Debian, or leave it out of --against.'
    : undefined;
}

/**
 * Janus in the hub's namespace with one video room, configured in `folder` alone. Its socket is encrypted, as our server's is, and with
 * the same kind of certificate: a page that may use a camera talks to no other.
 */
export async function startJanus({
  hub,
  folder,
  bitrateBps,
}: {
  hub: string;
  folder: string;
  bitrateBps: number;
}): Promise<Program> {
  const configuration = join(folder, "janus");
  mkdirSync(configuration);
  const plugins = only({ folder, kind: "plugins", names: ["libjanus_videoroom.so"] });
  const transports = only({ folder, kind: "transports", names: ["libjanus_websockets.so"] });
  const { certificate, key } = await writeCertificate(configuration);
  const secure = `ws = false; wss = true; wss_port = 8989; }\ncertificates: { cert_pem = "${certificate}"; cert_key = "${key}";`;
  const files = {
    "janus.jcfg": `general: { debug_level = 4; plugins_folder = "${plugins}"; transports_folder = "${transports}"; }`,
    "janus.transport.websockets.jcfg": `general: { json = "plain"; ${secure} }`,
    "janus.plugin.videoroom.jcfg": `room-1234: { publishers = 6; bitrate = ${bitrateBps}; videocodec = "h264,vp8"; }`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(configuration, name), `${text}\n`);
  const program = new Program("ip", ["netns", "exec", hub, "janus", "-F", configuration, "-i", HUB_ADDRESS]);
  await program.says(/WebSockets server started/i);
  return program;
}

async function writeCertificate(folder: string): Promise<{ certificate: string; key: string }> {
  const made = await serverCertificate({ folder: join(folder, "certificates"), hosts: [HUB_ADDRESS] });
  const [certificate, key] = [join(folder, "chain.pem"), join(folder, "key.pem")];
  writeFileSync(certificate, made.chain);
  writeFileSync(key, made.key);
  return { certificate, key };
}

/** A folder with nothing but these modules: the others would open ports, or say that they lack something. */
function only({ folder, kind, names }: { folder: string; kind: string; names: readonly string[] }): string {
  const into = join(folder, `janus-${kind}`);
  mkdirSync(into);
  const from = ["/usr/lib/x86_64-linux-gnu/janus", "/usr/lib/aarch64-linux-gnu/janus", "/usr/lib/janus"].find(
    existsSync,
  );
  if (from === undefined) throw new Error("Janus is there, but its modules are not where Debian puts them.");
  for (const name of names) copyFileSync(join(from, kind, name), join(into, name));
  return into;
}
