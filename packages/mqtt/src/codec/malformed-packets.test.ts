import { describe, expect, test } from "vitest";
import { bytes, LIMIT, reasonOf } from "../testing/hex.ts";
import type { ProtocolLevel } from "./packet.ts";
import { PacketParser } from "./packet-parser.ts";

describe("malformed packets", () => {
  const cases: readonly (readonly [what: string, hex: string, reasonCode: number, level?: ProtocolLevel])[] = [
    ["packet type 0", "0000", 0x82],
    ["a reserved flag of PINGREQ", "c100", 0x81],
    ["a PUBREL without its flag", "60020001", 0x81],
    ["AUTH in 3.1.1", "f000", 0x82, 4],
    ["a PINGREQ with a body", "c00100", 0x81],
    ["a length of five bytes", "30ffffffff01", 0x81],
    ["a length longer than it needs to be", "c08000", 0x81],
    ["QoS 3", "36050001610001", 0x81],
    ["a duplicate with QoS 0", "380400016100", 0x81],
    ["an empty topic", "3003000000", 0x81],
    ["a wildcard in a topic", "3005000261 2b 00", 0x81],
    ["U+0000 in a topic", "3005000261 00 00", 0x81],
    ["half a surrogate pair in a topic", "30060003eda08000", 0x81],
    ["an overlong character in a topic", "30050002c18000", 0x81],
    ["packet id 0 in PUBLISH", "3206000161000000", 0x82],
    ["no packet id in PUBLISH", "3203000161", 0x81, 4],
    ["a topic longer than its packet", "300300ff61", 0x81],
    ["topic alias 0", "30070001610323 0000", 0x94],
    ["an empty topic with an alias of 0", "30060000 03230000", 0x94],
    ["a wildcard in the response topic", "30080001 61 04 08 0001 23", 0x82],
    ["a property of another packet", "30070001 61 0321 0001", 0x82],
    ["an unknown property", "30060001 61 02 04 01", 0x81],
    ["a property twice", "30080001 61 04 01 00 01 00", 0x82],
    ["a property cut short", "30060001 61 02 02 00", 0x81],
    ["properties longer than the packet", "30040001 61 05", 0x81],
    ["a flag that is 2", "30060001 61 02 01 02", 0x82],
    ["subscription identifier 0", "30060001 61 02 0b 00", 0x82],
    ["a user property without a value", "30080001 61 04 26 0001 61", 0x81],
    ["a property of another packet in SUBSCRIBE", "820a 0001 03 21 0001 0001 61 00", 0x81],
    ["a SUBSCRIBE without a filter", "820300 01 00", 0x81],
    ["an empty filter", "8206 0001 00 0000 00", 0x81],
    ["a filter with # in the middle", "820a 0001 00 0004 612f232f 00", 0x81],
    ["a filter with + in a level", "8208 0001 00 0002 612b 00", 0x81],
    ["a shared filter without a name", "820f 0001 00 0009 2473686172652f2f61 00", 0x81],
    ["a no-local shared subscription", "8210 0001 00 000a 2473686172652f672f61 04", 0x82],
    ["subscription QoS 3", "8207 0001 00 0001 61 03", 0x81],
    ["retain handling 3", "8207 0001 00 0001 61 30", 0x81],
    ["a reserved subscription option", "8207 0001 00 0001 61 40", 0x81],
    ["no-local in 3.1.1", "8206 0001 0001 61 04", 0x81, 4],
    ["packet id 0 in SUBSCRIBE", "8207 0000 00 0001 61 00", 0x81],
    ["an UNSUBSCRIBE without a filter", "a203 0001 00", 0x81],
    ["packet id 0 in PUBACK", "40020000", 0x82],
    ["a PUBACK of one byte", "400101", 0x81],
    ["a long PUBACK in 3.1.1", "4003000100", 0x81, 4],
    ["a long PUBACK", "40050001000000", 0x81],
    ["a reason code that PUBACK cannot have", "40030001 01", 0x82],
    ["a reason code that PUBREL cannot have", "62030001 80", 0x82],
    ["a SUBACK without a reason", "9003 0001 00", 0x81],
    ["a granted QoS of 3", "9003 0001 03", 0x82, 4],
    ["a reserved flag in CONNACK", "2003 02 00 00", 0x81],
    ["return code 6", "2002 00 06", 0x82, 4],
    ["a reason code that DISCONNECT cannot have", "e001 85", 0x82],
    ["a DISCONNECT with a body in 3.1.1", "e001 00", 0x81, 4],
    ["a will delay in DISCONNECT", "e007 00 05 1800000001", 0x82],
  ];

  for (const [what, hex, reasonCode, level = 5] of cases) {
    test(what, () => expect(reasonOf(bytes(hex), { level })).toBe(reasonCode));
  }

  const connects: readonly (readonly [what: string, hex: string, reasonCode: number])[] = [
    ["a packet before CONNECT", "c000", 0x82],
    ["another protocol", "100d 00044d515455 04 02 000a 000161", 0x81],
    ["level 6", "100d 00044d515454 06 02 000a 000161", 0x84],
    ["level 3 of MQTT", "100d 00044d515454 03 02 000a 000161", 0x84],
    ["level 4 of MQIsdp", "100f 00064d5149736470 04 02 000a 000161", 0x84],
    ["the reserved flag", "100d 00044d515454 04 03 000a 000161", 0x81],
    ["a will QoS without a will", "100d 00044d515454 04 0a 000a 000161", 0x81],
    ["a will retain without a will", "100d 00044d515454 04 22 000a 000161", 0x81],
    ["will QoS 3", "1013 00044d515454 04 1e 000a 000161 000161 000161", 0x81],
    ["a will without a topic", "100d 00044d515454 04 06 000a 000161", 0x81],
    ["a wildcard in the will's topic", "1013 00044d515454 04 06 000a 000161 000123 000161", 0x81],
    ["a password without a user name in 3.1.1", "1010 00044d515454 04 42 000a 000161 000161", 0x81],
    ["a user name that is missing", "100d 00044d515454 04 82 000a 000161", 0x81],
    ["bytes too many", "100e 00044d515454 04 02 000a 000161 00", 0x81],
    ["a client id that is no UTF-8", "100e 00044d515454 05 02 000a 00 0001ff", 0x85],
    ["receive maximum 0", "1011 00044d515454 05 02 000a 03210000 000161", 0x82],
    ["maximum packet size 0", "1013 00044d515454 05 02 000a 052700000000 000161", 0x82],
    ["authentication data without a method", "1011 00044d515454 05 02 000a 03160000 000161", 0x82],
    ["a will property in CONNECT", "1013 00044d515454 05 02 000a 051800000001 000161", 0x82],
  ];

  test.each(connects)("CONNECT: %s", (_what, hex, reasonCode) => {
    expect(reasonOf(bytes(hex), { receiver: "server" })).toBe(reasonCode);
  });

  test("MQTT 5 allows a password without a user name", () => {
    const data = bytes("1011 00044d515454 05 42 000a 00 000161 000161");
    expect([...new PacketParser({ maxPacketBytes: LIMIT }).push(data)]).toMatchObject([{ password: bytes("61") }]);
  });
});
