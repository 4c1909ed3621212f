import {
  formatMeetingLink,
  type MeetingLink,
  newMeetingLink,
  newPassphraseLink,
  passphraseSecret,
} from "@mqtt-meet/protocol";
import type {
  BrokerChoice,
  CertificateFiles,
  MeetingServer,
  MeetingServerOptions,
  ServerError as ServerErrorType,
} from "@mqtt-meet/server";
import { type Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { type BrokerOptions, brokerChoice, cameraBrokers } from "../broker-option.ts";
import type { CommandIo } from "../command-io.ts";
import { InputLines } from "../input-lines.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { packageVersion } from "../package-version.ts";
import { readPassphrase } from "../read-passphrase.ts";
import { newRoomName } from "../room-name.ts";
import { describeRoomEvent, introduceCommands, introduceNetwork, type Print, rememberRoom } from "../serve-lines.ts";
import { checkLog, type LogOptions, logOptions, openLog } from "../serve-log.ts";
import { type MqttOptions, mqttPorts, plainAccount } from "../serve-ports.ts";
import { stateFolder } from "../state-folder.ts";
import { loadTokenKey } from "../token-key-file.ts";
import { UsageError } from "../usage-error.ts";
import { webRoot } from "../web-root.ts";

interface ServeOptions extends BrokerOptions, MqttOptions, LogOptions {
  readonly host: string;
  readonly port: number;
  readonly basePath?: string;
  readonly trustedProxy?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly cameraBroker?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly tokenKey?: string;
  readonly openRooms?: boolean;
  readonly metricsPort?: number;
}

const EXAMPLES = `
Examples:
  $ mqtt-meet serve                            for this machine, at http://localhost:8080
  $ mqtt-meet serve --open                     and open the meeting in the browser
  $ mqtt-meet serve --host 0.0.0.0             for the local network, with HTTPS and a QR code
  $ mqtt-meet serve --host 0.0.0.0 --cert meet.crt --key meet.key     with a certificate of your own
  $ mqtt-meet serve --room standup --port 9000
  $ mqtt-meet serve --room standup --passphrase              asks for the words; or set MQTT_MEET_PASSPHRASE
  $ mqtt-meet serve --broker mqtt://localhost:1883           a broker of your own, through a gateway
  $ mqtt-meet serve --broker-direct wss://b.example/mqtt     browsers connect to it themselves
  $ mqtt-meet serve --broker mqtt://one mqtt://two           the nodes of a cluster: when one is gone, the next

Every start makes a new secret, but with --passphrase: the link of the last start does not open the meeting of the next.
Ctrl-C ends the server and all its meetings.`;

/** Adds `mqtt-meet serve`. */
export function registerServe(program: Command, io: CommandIo): void {
  const command = program
    .command("serve")
    .summary("start the server and print the link to a new meeting")
    .description(
      "Starts pages and MQTT broker in one process, prints the link to a new meeting, then who comes and goes.",
    )
    .option("--host <address>", "address to listen on; beyond this machine with HTTPS", "127.0.0.1")
    .option("--port <number>", "port of the pages (0: any free one)", parsePort, 8080)
    .option(
      "--mqtt-port <number>",
      "port of MQTT over TCP, on this machine only (0: any free one; default: 1883)",
      parsePort,
    )
    .option(
      "--mqtts-port <number>",
      "port of MQTT over TLS (default: 8883 where --host is not this machine)",
      parsePort,
    )
    .option("--plain-mqtt", "MQTT over TCP beyond this machine, too, outside of meetings, for devices without TLS")
    .option("--cert <file>", "certificate of your own (PEM, the server's first); noticed when it changes, or on SIGHUP")
    .option("--key <file>", "its key (PEM)")
    .option(
      "--broker <url...>",
      "use this broker instead of the embedded one, through a gateway in this server; several: the nodes of a cluster",
    )
    .option("--broker-direct <url...>", "use this broker's WebSocket; pages and commands connect to it themselves")
    .option("--room <name>", "name of the meeting (default: three words)")
    .option("--passphrase", "the link carries no secret: words open the meeting, which you type now")
    .option("--base-path <path>", "the path under which a proxy has the pages, for example /meet")
    .option("--trusted-proxy <address...>", "proxies (addresses or networks) whose X-Forwarded headers are believed")
    .option("--allow-origin <origin...>", "other sites whose pages may show meetings, for example https://blog.example")
    .option("--camera-broker <url...>", "other brokers' WebSockets whose camera topics the page may show")
    .option("--token-key <file>", "let in who shows a token of this key, too: see mqtt-meet token create")
    .option("--open-rooms", "permit rooms without encryption, for who knows their names, too")
    .option(
      "--metrics-port <number>",
      "port of the status page and the numbers for Prometheus, on this machine only",
      parsePort,
    )
    .option("--open", "open the meeting in the browser")
    .addHelpText("after", EXAMPLES)
    .action((options: ServeOptions) => serve(options, io));
  for (const option of logOptions()) command.addOption(option);
}

async function serve(options: ServeOptions, io: CommandIo): Promise<void> {
  const isForPeople = options.logFormat !== "json";
  const print = (line = "") => void (isForPeople && io.stdout.write(`${line}\n`));
  const colors = pc.createColors(io.stdout.isTTY === true && !io.env["NO_COLOR"]);
  // Checked before anything is opened.
  checkLog(options);
  const { name } = newMeetingLink("http://localhost", options.room ?? newRoomName());
  const broker = checkedBroker(options, io.env);
  const certificateFiles = certificateOf(options);
  const account = plainAccount(options, io.env);
  const words = options.passphrase ? await readPassphrase(io, { lines: new InputLines(io.stdin) }) : undefined;
  const tokenKey = options.tokenKey === undefined ? undefined : await loadTokenKey(options.tokenKey);
  const rooms = new Map<string, string>();
  const server = await start(options, {
    webRoot: webRoot().folder,
    stateFolder: stateFolder(io.env),
    ...{ broker, tokenKey, certificateFiles, plainAccount: account },
    ...{ basePath: options.basePath, trustedProxies: options.trustedProxy, allowedOrigins: options.allowOrigin },
    cameraBrokers: cameraBrokers(options.cameraBroker),
    log: await openLog(options, io),
    onRoomEvent: (event) => print(describeRoomEvent(event, rooms, colors)),
    onCertificate: (error) =>
      print(error ? `The old certificate stays: ${sentenceOf(error)}` : "There is a new certificate."),
  });
  if (server.reloadCertificate) io.onReload?.(server.reloadCertificate);
  try {
    if (isForPeople) {
      const link = await newLink(server.sites[0], { name, words, rooms });
      await introduce(server, formatMeetingLink(link), { options, broker, io, print });
    }
    await aborted(io.signal);
  } finally {
    await server.close();
  }
  print("The server has ended.");
}

/** A meeting of this start, which is in `rooms` from now on. */
async function newLink(
  site: string,
  { name, words, rooms }: { name: string; words: string | undefined; rooms: Map<string, string> },
): Promise<MeetingLink> {
  const link = words === undefined ? newMeetingLink(site, name) : newPassphraseLink(site, name);
  await rememberRoom(rooms, words === undefined ? link : { ...link, secret: await passphraseSecret(name, words) });
  return link;
}

/** Prints the link, and all that can be done with it. */
async function introduce(
  server: MeetingServer,
  link: string,
  rest: { options: ServeOptions; broker: BrokerChoice | undefined; io: CommandIo; print: Print },
): Promise<void> {
  const { options, broker, io, print } = rest;
  const isTty = io.stdout.isTTY === true;
  const colors = pc.createColors(isTty && !io.env["NO_COLOR"]);
  print(colors.bold("The meeting is at"));
  print(colors.cyan(link));
  print();
  if (!server.loopback) introduceNetwork(server, link, { print, isTty, isOwn: options.cert === undefined });
  introduceCommands({ server, options, broker }, print);
  if (!webRoot().built) print("The page has not been built: run npm run build in the project's folder.\n");
  if (options.open && !(await openInBrowser(link, { env: io.env }))) {
    print("The browser could not be opened: open the link yourself.");
  }
}

function checkedBroker(options: ServeOptions, env: NodeJS.ProcessEnv): BrokerChoice | undefined {
  const broker = brokerChoice(options, env);
  if (options.openRooms && options.tokenKey !== undefined) {
    throw new UsageError("--open-rooms and --token-key exclude each other: the name of a token room would open it.");
  }
  if (broker?.mode === "direct" && options.tokenKey !== undefined) {
    throw new UsageError(
      "--token-key is for connections to this server: beside --broker-direct the broker checks tokens.",
    );
  }
  if (broker?.mode === "direct" && options.metricsPort !== undefined) {
    throw new UsageError("--metrics-port tells of connections to this server: beside --broker-direct there are none.");
  }
  const ports = {
    "--mqtt-port": options.mqttPort,
    "--mqtts-port": options.mqttsPort,
    "--plain-mqtt": options.plainMqtt,
  };
  const [wanted] = Object.entries(ports).find(([, value]) => value !== undefined) ?? [];
  if (broker && wanted) {
    throw new UsageError(`${wanted} is for the embedded broker: leave it out beside --broker or --broker-direct.`);
  }
  return broker;
}

function certificateOf({ cert, key }: ServeOptions): CertificateFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new UsageError("--cert and --key belong together: give both.");
  return { certificate: cert, key };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function start(
  options: ServeOptions,
  rest: Omit<MeetingServerOptions, "host" | "port" | "version">,
): Promise<MeetingServer> {
  const { host, port, metricsPort, openRooms } = options;
  // The other commands start in half the time without it.
  const { createMeetingServer, isLoopbackHost, ServerError } = await import("@mqtt-meet/server");
  const isLocal = isLoopbackHost(host);
  if (isLocal && options.plainMqtt) {
    throw new UsageError("--plain-mqtt is for other machines: give --host, too. On this one nothing is needed.");
  }
  const ports = mqttPorts(options, { isLocal });
  try {
    return await createMeetingServer({
      host,
      port,
      ...ports,
      metricsPort,
      openRooms,
      version: packageVersion(),
      ...rest,
    });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    if (!(error instanceof ServerError)) throw error;
    const isOther = error.code === "port-in-use" && !error.message.startsWith(`Port ${port} `);
    if (isOther)
      throw new UsageError(`${error.message.slice(0, -1)}: choose another with --metrics-port.`, { cause: error });
    throw withAdvice(error, port);
  }
}

/** The same error, and what to do. */
function withAdvice(error: ServerErrorType, port: number): Error {
  switch (error.code) {
    case "port-in-use":
      return new UsageError(
        `Port ${port} is already in use: end the program that uses it, or choose another, for example --port ${port + 1}.`,
        { cause: error },
      );
    case "port-forbidden":
      return new UsageError(
        `The system does not let us use port ${port}: choose one from 1024 on, for example --port 8080.`,
        {
          cause: error,
        },
      );
    case "address-unavailable":
      return new UsageError(
        `${error.message.replace(/\.$/, "")}: choose one of its own with --host, or 0.0.0.0 for all.`,
        {
          cause: error,
        },
      );
    case "certificate-failed":
    case "broker-unavailable":
      return new UsageError(error.message, { cause: error });
    default:
      return error;
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
