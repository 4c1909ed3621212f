import { deriveRoom, type MeetingLink } from "@mqtt-meet/protocol";
import type { BrokerChoice, MeetingServer, RoomEvent } from "@mqtt-meet/server";
import type pc from "picocolors";
import { renderUnicodeCompact } from "uqr";
import { type MqttOptions, mqttLines } from "./serve-ports.ts";

/** Prints a line; without one an empty line. */
export type Print = (line?: string) => void;

/** How other machines get in. `isOwn`: the certificate is of our own making. */
export function introduceNetwork(
  server: MeetingServer,
  link: string,
  { print, isTty, isOwn }: { print: Print; isTty: boolean; isOwn: boolean },
): void {
  if (isTty) print(`${renderUnicodeCompact(link, { border: 2 })}\n`);
  const [first, ...others] = server.sites;
  if (isOwn) print(`Browsers warn once, because the certificate is our own: go on, or install ${first}/ca.crt.`);
  if (others.length > 0) print(`Also reached at ${others.join(", ")}.`);
  print();
}

/** What to do with the server from here. */
export function introduceCommands(
  {
    server,
    options,
    broker,
  }: {
    server: MeetingServer;
    options: MqttOptions & { readonly openRooms?: boolean };
    broker: BrokerChoice | undefined;
  },
  print: Print,
): void {
  print("Into it (LINK is the line above):  npx mqtt-meet publish LINK --source camera | screen | test | FILE");
  print("See it in a window or terminal:    npx mqtt-meet watch LINK");
  if (options.openRooms) print(`Rooms without encryption:          ${server.sites[0]}/r/ANY-NAME (not private)`);
  if (server.metricsPort !== undefined)
    print(`Status page, numbers at /metrics:  http://127.0.0.1:${server.metricsPort}`);
  if (broker) {
    print(
      `The broker is ${broker.urls.join(", ")}${broker.mode === "gateway" ? ", behind this server" : "; who comes and goes is not seen here"}.`,
    );
  } else {
    for (const line of mqttLines(server, options)) print(line);
  }
  print();
}

/** Who comes and goes is told with the name of the room where it is known. */
export async function rememberRoom(rooms: Map<string, string>, { secret, name }: MeetingLink): Promise<void> {
  if (secret) rooms.set((await deriveRoom(secret)).room, name);
}

/** A line about somebody who came or went. */
export function describeRoomEvent(
  event: RoomEvent,
  rooms: ReadonlyMap<string, string>,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const time = new Date().toTimeString().slice(0, 8);
  const room = rooms.get(event.room) ?? `another meeting (${event.room.slice(0, 6)})`;
  return `${colors.dim(time)} ${colors.bold(event.name || "somebody")} ${event.type} ${room} (${event.present} there)`;
}
