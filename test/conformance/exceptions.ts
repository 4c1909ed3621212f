/** A case that the embedded broker does not answer as written, and why that is right. */
export interface Exception {
  readonly id: string;
  readonly reason: string;
}

const KEPT_FORM =
  "3.1.1 says 20 02 00 01 for a level that is not known, and a client of an old level reads nothing else.";
const REPEATED =
  "A client may send a QoS 2 message again as often as it has to; only a limit of mosquitto's own makes the third one an error.";

/** A case leaves this list by passing: one that is here and holds is a failure too. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    id: "CONNECT / v3.1   CONNECT / 14 ok ",
    reason:
      "3.1 gave the first byte of CONNECT flags that 3.1.1 and 5 reserve. They are checked before anything says that it is 3.1.",
  },
  { id: "CONNECT / v3.1   CONNECT / 10 proto ver 2", reason: KEPT_FORM },
  { id: "CONNECT / v3.1.1 CONNECT / 10 proto ver 2 [MQTT-3.1.2-2]", reason: KEPT_FORM },
  { id: "PUBLISH / v3.1.1 PUBLISH / 34 QoS 2 Dup flow*3", reason: REPEATED },
  { id: "PUBLISH / v5.0   PUBLISH / 34 QoS 2 Dup flow*3", reason: REPEATED },
  {
    id: "PUBLISH / v5.0   PUBLISH / PUBLISH with $ topic - connection/state",
    reason: "mosquitto lets its bridges write their state below $SYS. This broker has no bridges: nobody writes there.",
  },
];

/** The part of all cases that may stand in the list. */
export const MAX_EXCEPTIONS = 0.02;
