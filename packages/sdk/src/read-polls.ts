import type { PeerId } from "@mqtt-meet/protocol";
import type { ChatLine } from "./chat-log.ts";
import type { Poll } from "./room.ts";

interface OpenPoll {
  readonly line: ChatLine;
  readonly options: readonly string[];
  /** The last vote of everybody, by the sender of its topic. */
  readonly votes: Map<PeerId, number>;
  /** What the asker counted at the end. */
  final: readonly number[] | undefined;
}

/** Whether a line of the log belongs to a poll, and so is no line of the chat. */
export function isPollLine({ message: { poll, vote, end } }: ChatLine): boolean {
  return poll !== undefined || vote !== undefined || end !== undefined;
}

/**
 * The polls that the lines of a chat tell of, in the order of asking. One vote each: the last one counts. A vote may
 * stand before its question, because only the lines of one sender are in order.
 */
export function readPolls(
  lines: readonly ChatLine[],
  { own, nameOf }: { readonly own: PeerId; readonly nameOf: (line: ChatLine) => string },
): readonly Poll[] {
  const polls = new Map<string, OpenPoll>();
  for (const line of lines) {
    const { id, poll } = line.message;
    const key = `${line.from}/${id}`;
    if (poll !== undefined && !polls.has(key)) {
      polls.set(key, { line, options: poll.options, votes: new Map(), final: undefined });
    }
  }
  for (const line of lines) count(polls, line);
  return [...polls].map(([id, poll]) => toPoll(id, poll, { own, nameOf }));
}

function count(polls: ReadonlyMap<string, OpenPoll>, { from, message: { vote, end } }: ChatLine): void {
  const voted = vote && polls.get(`${vote.by}/${vote.id}`);
  if (vote && voted && vote.choice < voted.options.length) voted.votes.set(from, vote.choice);
  // Only who asked can end it.
  const ended = end && polls.get(`${from}/${end.id}`);
  if (end && ended) ended.final ??= end.votes;
}

function toPoll(
  id: string,
  { line, options, votes, final }: OpenPoll,
  { own, nameOf }: { readonly own: PeerId; readonly nameOf: (line: ChatLine) => string },
): Poll {
  const counted = options.map((_, index) => [...votes.values()].filter((choice) => choice === index).length);
  return {
    id,
    from: line.from,
    name: nameOf(line),
    own: line.from === own,
    question: line.message.text,
    options: options.map((text, index) => ({ text, votes: (final ? final[index] : counted[index]) ?? 0 })),
    ownChoice: votes.get(own),
    closed: final !== undefined,
    askedAtMs: line.message.sentAtMs,
  };
}
