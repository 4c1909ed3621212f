// What a gateway in front of another broker shares with this one, so that both judge and drop alike.
export {
  admissionProblem,
  connackProperties,
  connectProblem,
  newClientId,
  returnCodeOf,
  type Terms,
  termsFor,
} from "./admission.ts";
export { AliasTable } from "./alias-table.ts";
export { ChunkJoiner } from "./chunk-joiner.ts";
export { Egress, type EgressOptions } from "./egress.ts";
export { controlEntry, Publication, type PublicationEntry } from "./publication.ts";
export { Counters, dropsByLane } from "./statistics.ts";
export { areAcceptableUserProperties, isAcceptableFilter, TopicCheck } from "./topic-rules.ts";
export { TurnBatch } from "./turn-batch.ts";
