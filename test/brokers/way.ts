import { createMeetingServer, type MeetingServer } from "@mqtt-meet/server";
import { type LineProxy, lineProxy } from "../support/line-proxy.ts";
import type { RunningBroker } from "./running-broker.ts";

/** How clients get to a broker. */
export const WAYS = ["direct", "gateway"] as const;
export type WayName = (typeof WAYS)[number];

/** A way to a broker, open. Disposing of it closes it. */
export interface Way extends AsyncDisposable {
  /** The site of meeting links. */
  readonly site: string;
  /** The same through {@link proxy}, which can be cut. */
  readonly cuttableSite: string;
  readonly proxy: LineProxy;
  /** Where programs without the SDK connect, and with what instead of the proof of the room. */
  readonly url: string;
  readonly account: RunningBroker["account"];
}

/** The embedded broker: there is no shorter way to it. */
export async function openEmbedded(): Promise<Way> {
  return throughServer(await openServer(undefined));
}

/** Opens a way to a broker that runs. */
export async function openWay(name: WayName, broker: RunningBroker): Promise<Way> {
  const { url, directUrl, account } = broker;
  if (name === "gateway") return throughServer(await openServer({ mode: "gateway", urls: [url], ...account }));
  const proxy = await lineProxy(Number(new URL(directUrl).port));
  const cuttableUrl = directUrl.replace(/:\d+/, `:${proxy.port}`);
  const servers = [
    await openServer({ mode: "direct", urls: [directUrl], ...account }),
    await openServer({ mode: "direct", urls: [cuttableUrl], ...account }),
  ] as const;
  return {
    ...{ site: servers[0].sites[0], cuttableSite: servers[1].sites[0], proxy, url: directUrl, account },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function throughServer(server: MeetingServer): Promise<Way> {
  const proxy = await lineProxy(server.port);
  return {
    ...{ site: server.sites[0], cuttableSite: `http://127.0.0.1:${proxy.port}`, proxy },
    ...{ url: `ws://localhost:${server.port}/mqtt`, account: undefined },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

function openServer(broker: Parameters<typeof createMeetingServer>[0]["broker"]): Promise<MeetingServer> {
  const nowhere = { webRoot: "/nowhere", stateFolder: "/nowhere" };
  return createMeetingServer({ host: "127.0.0.1", port: 0, version: "test", broker, ...nowhere });
}
