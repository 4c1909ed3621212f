import type { SizeName } from "./recording.ts";

/** No room takes more (docs/protocol.md, A12). */
const ROOM = 100;
/** So many are heard at once in a large meeting. */
const VOICES = 3;

/** Whom one person hears or sees, by their index in the room. */
export type Choice = (person: number, people: number) => readonly number[];

/** One kind of meeting: who sends, and who gets what of whom. */
export interface Shape {
  readonly name: string;
  readonly size: SizeName;
  readonly roomPeople: number;
  /** Those with a larger index send nothing. */
  readonly senders: number;
  readonly sees: Choice;
  readonly hears: Choice;
  /** Multiples of this are tried. */
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

const everybodyElse: Choice = (person, people) =>
  Array.from({ length: people }, (_, index) => index).filter((index) => index !== person);

/** The first ones of the room stand for the loudest. */
const loudest: Choice = (person, people) => everybodyElse(person, people).slice(0, VOICES);

const first: Choice = (person) => (person === 0 ? [] : [0]);

/** What a server is asked to carry. */
export const SHAPES: readonly Shape[] = [
  {
    name: "meetings of four, everybody at 360p",
    ...{ size: "360p", roomPeople: 4, senders: 4, sees: everybodyElse, hears: everybodyElse },
    ...{ step: 4, from: 32, to: 400 },
  },
  {
    name: "one meeting, everybody at 180p, every voice",
    ...{ size: "180p", roomPeople: ROOM, senders: ROOM, sees: everybodyElse, hears: everybodyElse },
    ...{ step: 1, from: 16, to: ROOM },
  },
  {
    name: "one meeting, everybody at 180p, three voices",
    ...{ size: "180p", roomPeople: ROOM, senders: ROOM, sees: everybodyElse, hears: loudest },
    ...{ step: 1, from: 16, to: ROOM },
  },
  {
    name: "one at 360p to all others, in rooms of 100",
    ...{ size: "360p", roomPeople: ROOM, senders: 1, sees: first, hears: first },
    ...{ step: 10, from: 100, to: 1600 },
  },
];
