import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ejabberdLibraries } from "../support/broker-programs.ts";
import { freePort } from "../support/free-port.ts";
import type { RunningBroker } from "./running-broker.ts";
import { startProgramBroker } from "./start-program-broker.ts";

const ERLANG = "/usr/lib/erlang";

/** What a node of ejabberd may be told beside its ports. */
export interface EjabberdNode {
  /** Arguments of the Erlang machine, after our own. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Programs that it needs, started before it. */
  readonly before: readonly (readonly [string, ...string[]])[];
}

/** ejabberd as nothing but an MQTT broker, as docs/operating.md says, on loopback; as one node it needs no epmd. */
export async function startEjabberd(
  { args: more, env, before }: EjabberdNode = { args: [], env: {}, before: [] },
): Promise<RunningBroker> {
  const [mqtt, webSocket] = [await freePort(), await freePort()];
  const rights = (topics: readonly string[]) =>
    topics.map((topic) => `      "mm/1/%u/${topic}": [{allow: all}]\n`).join("");
  const yml = `hosts: [localhost]
certfiles: []
loglevel: warning
listen:
  - {port: ${mqtt}, ip: "127.0.0.1", module: mod_mqtt, max_fsm_queue: 100}
  - {port: ${webSocket}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/mqtt: mod_mqtt}}
auth_method: anonymous
anonymous_protocol: login_anon
allow_multiple_connections: true
modules:
  mod_mqtt:
    access_publish:
${rights(["%c/state", "%c/catalog", "%c/a/#", "+/v/#", "+/in/%c", "all/%c"])}    access_subscribe:
${rights(["+/state", "+/catalog", "+/a/#", "+/v/#", "all/+", "%c/in/+"])}`;
  const args = ["-noinput", "-mnesia", "dir", '"FOLDER/db"', "-s", "ejabberd", ...more];
  return startProgramBroker({
    files: { "ejabberd.yml": yml },
    programs: [...before, [erlang().program, ...args]],
    env: (folder) => ({
      ...erlang().env,
      ...env,
      HOME: folder,
      EJABBERD_CONFIG_PATH: `${folder}/ejabberd.yml`,
      EJABBERD_LOG_PATH: `${folder}/ejabberd.log`,
    }),
    url: `mqtt://127.0.0.1:${mqtt}`,
    directUrl: `ws://127.0.0.1:${webSocket}/mqtt`,
  });
}

/** Erlang as ejabberd needs it, without the script around it. */
export function erlang(): { readonly program: string; readonly env: NodeJS.ProcessEnv } {
  const erts = readdirSync(ERLANG).find((name) => name.startsWith("erts-")) ?? "";
  const folder = join(ERLANG, erts, "bin");
  const env = { ROOTDIR: ERLANG, BINDIR: folder, EMU: "beam", PROGNAME: "erl", ERL_LIBS: ejabberdLibraries() };
  return { program: join(folder, "erlexec"), env };
}
