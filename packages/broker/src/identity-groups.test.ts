import { expect, test } from "vitest";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { IdentityGroups } from "./identity-groups.ts";

function member(identity: string, name = "room"): Grant {
  return { ...LOCAL_GRANT, identity, group: { name, maxIdentities: 2 } };
}

test("IdentityGroups lets in no more identities than a group has room for, with as many connections as they like", () => {
  const groups = new IdentityGroups();
  for (const identity of ["a", "b", "b"]) groups.enter(member(identity));
  expect([member("a"), member("b"), member("c"), member("c", "other")].map((grant) => groups.mayEnter(grant))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  groups.leave(member("b"));
  expect(groups.mayEnter(member("c"))).toBe(false);
  groups.leave(member("b"));
  expect(groups.mayEnter(member("c"))).toBe(true);
  expect(groups.mayEnter(LOCAL_GRANT)).toBe(true);
});
