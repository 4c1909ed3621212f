import { type ConnectPacket, ReasonCode } from "@mqtt-meet/mqtt";
import { admissionProblem, connectProblem } from "./admission.ts";
import type { BrokerCore } from "./broker-core.ts";
import { type Authentication, grantIn } from "./grant.ts";
import type { Session } from "./session.ts";

type Core = Pick<BrokerCore, "limits" | "addresses" | "groups" | "counters" | "now">;

/** Why a client is refused without a look at its credentials; undefined: they decide. `address` is absent for local clients. */
export function refusalBeforeAuthentication(
  core: Core,
  { packet, address }: { readonly packet: ConnectPacket; readonly address: string | undefined },
): number | undefined {
  const problem = connectProblem(packet, core.limits);
  if (problem !== undefined || address === undefined || !core.addresses.isBlocked(address, core.now())) return problem;
  core.counters.addressesRefused++;
  return ReasonCode.connectionRateExceeded;
}

/** What is known of a client once its credentials were looked at. */
export interface Candidate {
  readonly packet: ConnectPacket;
  readonly address: string | undefined;
  readonly answer: Authentication;
  /** The session that has its client id. */
  readonly existing: Pick<Session, "grant"> | undefined;
}

/** Why a client is refused after all; undefined: it comes in. Wrong credentials count against its address, and nothing else. */
export function refusalAfterAuthentication(
  core: Core,
  { packet, address, answer, existing }: Candidate,
): number | undefined {
  if (answer && "refusedWith" in answer) return answer.refusedWith;
  const grant = grantIn(answer);
  const isWrong = !grant || (existing !== undefined && existing.grant.identity !== grant.identity);
  if (isWrong && address !== undefined) core.addresses.failed(address, core.now());
  const problem = admissionProblem(packet, { grant, existing });
  if (problem !== undefined || !grant || core.groups.mayEnter(grant)) return problem;
  return ReasonCode.quotaExceeded;
}
