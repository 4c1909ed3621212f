import { randomBytes } from "node:crypto";
import type { RunningBroker } from "../brokers/running-broker.ts";
import { erlang, startEjabberd } from "../brokers/start-ejabberd.ts";
import { ready } from "../brokers/start-program-broker.ts";
import { freePort } from "../support/free-port.ts";
import { Program } from "../support/program.ts";
import { onPath } from "../support/requirements.ts";
import { type RunningCluster, runningCluster } from "./running-cluster.ts";

/** Mnesia copies its tables meanwhile. */
const JOIN_MS = 120_000;

/**
 * Two nodes of ejabberd on loopback, each with its own ports and folder, and a port mapper (epmd) of their own, as
 * docs/operating.md says. Who is told the cookie may do everything in the cluster, so it is new each time.
 */
export async function startEjabberdCluster(): Promise<RunningCluster> {
  const [epmd, cookie] = [await freePort(), randomBytes(16).toString("hex")];
  const env = { ERL_EPMD_ADDRESS: "127.0.0.1", ERL_EPMD_PORT: String(epmd) };
  const node = (name: string) => [
    ...["-sname", `${name}@localhost`, "-setcookie", cookie, "-start_epmd", "false"],
    ...["-kernel", "inet_dist_use_interface", "{127,0,0,1}"],
  ];
  const mapper = [onPath("epmd") ?? "epmd", "-address", "127.0.0.1", "-port", String(epmd)] as const;
  const nodes: RunningBroker[] = [];
  const cluster = runningCluster(nodes);
  try {
    nodes.push(await startEjabberd({ args: node("a"), env, before: [mapper] }));
    nodes.push(await startEjabberd({ args: node("b"), env, before: [] }));
    const answer = await ask(node("ctl"), {
      env,
      call: "rpc:call(b@localhost, ejabberd_cluster, join, [a@localhost])",
    });
    if (answer !== "ok") throw new Error(`The node did not join: ${answer}`);
    // Joining starts the node's application again.
    for (const { url, directUrl } of nodes) await ready([url, directUrl], { account: undefined, running: [] });
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

/** What an Erlang node of its own gets for a call. */
async function ask(
  args: readonly string[],
  { env, call }: { readonly env: NodeJS.ProcessEnv; readonly call: string },
): Promise<string> {
  const machine = erlang();
  const program = new Program(
    machine.program,
    ["-noinput", ...args, "-eval", `io:format("~p~n", [${call}]), halt().`],
    { env: { ...process.env, ...machine.env, ...env } },
  );
  await program.end({ withinMs: JOIN_MS });
  return program.stdout.trim();
}
