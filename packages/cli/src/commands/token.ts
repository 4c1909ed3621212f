import { randomBytes } from "node:crypto";
import { formatMeetingLink, isTopicLevel, type RoomRights } from "@mqtt-meet/protocol";
import type { TokenKey } from "@mqtt-meet/server";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandIo } from "../command-io.ts";
import { loadOrMakeTokenKey } from "../token-key-file.ts";
import { ROLES } from "../token-roles.ts";
import { tokenRoomSecret } from "../token-room-secret.ts";
import { UsageError } from "../usage-error.ts";

interface RightsOptions {
  readonly room: string;
  readonly role: string;
  readonly ttl: number;
  readonly key: string;
  readonly algorithm: "EdDSA" | "ES256";
  readonly wait?: true;
}

interface TokenOptions extends RightsOptions {
  readonly peer?: string;
}

interface InviteOptions extends RightsOptions {
  readonly site: string;
}

const EXAMPLES = `
Examples:
  $ mqtt-meet token create --room standup --role member --key meet.pem
  $ mqtt-meet token create --room standup --role camera --ttl 8h --key meet.pem
  $ mqtt-meet token invite --room standup --site https://meet.example --role viewer --ttl 2h --key meet.pem
  $ mqtt-meet token invite --room standup --site https://meet.example --wait --key meet.pem
  $ mqtt-meet serve --token-key meet.pem              lets in who shows such a token or link

"create" prints one JSON object: clientId, username and password are what CONNECT shows. The same token works on EMQX.
"invite" prints a link for one person, for pages, publish and watch. Who has the key can read the room.`;

const PEER_BYTES = 16;
/** A day: what needs longer can ask again. */
const MAX_TTL_S = 86_400;
const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Adds `mqtt-meet token`. */
export function registerToken(program: Command, io: CommandIo): void {
  const token = program.command("token").summary("make tokens for rooms").description("Makes tokens for token rooms.");
  token.helpCommand(false).addHelpText("after", EXAMPLES);
  withRights(token.command("create"))
    .summary("print a token for one participant of one room")
    .description("Prints what one participant needs to connect to one room, for a time.")
    .option("--peer <id>", "the participant: 16 to 43 such characters (default: a new one)", parsePeer)
    .action((options: TokenOptions) => create(options, io));
  withRights(token.command("invite"))
    .summary("print a link that lets one person into one room")
    .description("Prints a meeting link that lets one person into one room, with the rights of a role, for a time.")
    .requiredOption("--site <url>", "where the pages are, for example https://meet.example", parseSite)
    .action((options: InviteOptions) => invite(options, io));
}

function withRights(command: Command): Command {
  return command
    .requiredOption("--room <name>", "the room: 1 to 43 letters, digits, hyphens and underscores", parseLevel)
    .addOption(new Option("--role <role>", "what the holder may do").choices(Object.keys(ROLES)).default("member"))
    .option("--wait", "the holder waits at the door until a host lets it in")
    .option("--ttl <time>", "how long it is of use, for example 90s, 10m, 8h", parseTtl, 600)
    .requiredOption("--key <file>", "the key that signs, in PEM; made when it is not there")
    .addOption(new Option("--algorithm <name>", "of a key that is made").choices(["EdDSA", "ES256"]).default("EdDSA"))
    .addHelpText("after", EXAMPLES);
}

async function create(options: TokenOptions, io: CommandIo): Promise<void> {
  const { signToken, tokenPayload } = await import("@mqtt-meet/server");
  const { peer = randomBytes(PEER_BYTES).toString("base64url") } = options;
  if (!isTopicLevel(peer)) throw new TypeError("The options were checked.");
  const { key, rights } = await signerOf(options, io);
  const password = signToken(tokenPayload({ ...rights, peer }), key);
  const expires = new Date(rights.expiresAtS * 1000).toISOString();
  const { room, role } = rights;
  io.stdout.write(`${JSON.stringify({ room, role, clientId: peer, username: peer, password, expires })}\n`);
}

async function invite(options: InviteOptions, io: CommandIo): Promise<void> {
  const { invitationPayload, signToken } = await import("@mqtt-meet/server");
  const { key, rights } = await signerOf(options, io);
  const invitation = signToken(invitationPayload(rights), key);
  const secret = tokenRoomSecret(key.key, rights.room);
  io.stdout.write(`${formatMeetingLink({ site: options.site, name: rights.room, invitation, secret })}\n`);
}

async function signerOf(
  options: RightsOptions,
  io: CommandIo,
): Promise<{ readonly key: TokenKey; readonly rights: RoomRights }> {
  const { room, role, ttl, wait = false } = options;
  const granted = ROLES[role];
  if (!granted || !isTopicLevel(room)) throw new TypeError("The options were checked.");
  if (wait && granted.admin) throw new UsageError("A host waits for nobody: leave out --wait, or choose another role.");
  const { key, made } = await loadOrMakeTokenKey(options.key, options.algorithm);
  if (key.key.type !== "private") throw new UsageError(`${options.key} is a public key, which cannot sign.`);
  if (made) io.stderr.write(`A new key is in ${options.key}: whoever has it opens every token room.\n`);
  const nowS = Math.floor(Date.now() / 1000);
  return { key, rights: { room, role, ...granted, wait, notBeforeS: nowS, expiresAtS: nowS + ttl } };
}

function parseLevel(text: string): string {
  if (isTopicLevel(text)) return text;
  throw new InvalidArgumentError("A room is 1 to 43 letters, digits, hyphens and underscores.");
}

function parsePeer(text: string): string {
  if (isTopicLevel(text) && text.length >= PEER_BYTES) return text;
  throw new InvalidArgumentError("A participant is 16 to 43 letters, digits, hyphens and underscores.");
}

function parseTtl(text: string): number {
  const [, number, unit = ""] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS_S[unit] ?? Number.NaN);
  if (seconds >= 1 && seconds <= MAX_TTL_S) return seconds;
  throw new InvalidArgumentError("A time is a number with s, m or h, at most 24h, for example 10m.");
}

function parseSite(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url && isWeb && url.username === "" && url.search === "" && url.hash === "") {
    return url.href.replace(/\/+$/, "");
  }
  throw new InvalidArgumentError("A site is an address of pages, for example https://meet.example.");
}
