export { acceptWebSockets, isSameHost, type WebSocketAcceptor, type WebSocketOptions } from "./accept-web-sockets.ts";
export type { PerAddressLimits } from "./address-limits.ts";
export { Broker, type BrokerOptions } from "./broker.ts";
export type { BrokerEvents, ConnectedClient, Refusal } from "./broker-core.ts";
export { type Classification, type Classify, LANES, type Lane } from "./classification.ts";
export { DROP_REASONS, type DropReason } from "./drop-counts.ts";
export {
  type Authenticate,
  type Authentication,
  type AuthenticationRequest,
  authenticateLocal,
  type ConnectionInfo,
  type Grant,
  LOCAL_GRANT,
  type PublishRequest,
  type RefusedPublish,
  type TurnedAway,
} from "./grant.ts";
export { HANDSHAKES, HandshakeGate, type HandshakeGateOptions } from "./handshake-gate.ts";
export type { ClientRates } from "./ingress-meter.ts";
export {
  type BrokerLimits,
  DEFAULT_LIMITS,
  type EgressLimits,
  MEDIA_EGRESS,
  MEDIA_RATES,
  PER_ADDRESS,
  PLAIN_EGRESS,
  PLAIN_RATES,
} from "./limits.ts";
export { ListenError, type ListenErrorCode } from "./listen-error.ts";
export { isLoopback, type Listener, listenTcp, type TcpListenOptions, type TlsCertificate } from "./listen-tcp.ts";
export type { BrokerStatistics } from "./statistics.ts";
export type { Rate } from "./token-bucket.ts";
