// What a gateway in front of another broker shares with this one, so that both judge and drop alike.
export { AddressLimits } from "./address-limits.ts";
export {
  connackProperties,
  newClientId,
  reasonOfBrokenConnect,
  refusalPacket,
  type Terms,
  termsFor,
} from "./admission.ts";
export { AliasTable } from "./alias-table.ts";
export { reportFault } from "./broker-core.ts";
export { refusalAfterAuthentication, refusalBeforeAuthentication } from "./check-admission.ts";
export { ChunkJoiner } from "./chunk-joiner.ts";
export { Egress, type EgressOptions } from "./egress.ts";
export { type Ending, endStream, tellEnding } from "./ending.ts";
export { enter } from "./enter.ts";
export { grantIn, isRefusedQuietly } from "./grant.ts";
export { IdentityGroups } from "./identity-groups.ts";
export { Intake } from "./intake.ts";
export { controlEntry, Publication, type PublicationEntry } from "./publication.ts";
export { reasonName } from "./reason-name.ts";
export { Counters, queueAges } from "./statistics.ts";
export { Throttle } from "./throttle.ts";
export { TokenBucket } from "./token-bucket.ts";
export { areAcceptableUserProperties, isAcceptableFilter, TopicCheck } from "./topic-rules.ts";
export { TurnBatch } from "./turn-batch.ts";
