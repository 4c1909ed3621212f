import { Broker, listenTcp } from "@mqtt-meet/broker";

/** A broker that permits everything to everybody, as many do. */
export interface OpenBroker {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens one on a free port of the loopback interface. */
export async function openBroker(): Promise<OpenBroker> {
  const broker = new Broker({
    authenticate: ({ clientId }) => ({
      identity: clientId,
      maxQos: 2,
      mayPublish: () => true,
      maySubscribe: () => true,
    }),
  });
  const listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
  return {
    url: `mqtt://127.0.0.1:${listener.port}`,
    close: async () => {
      broker.close();
      await listener.close();
    },
  };
}
