/** Those of `some` who are not among `others`. */
export function without<T extends { readonly peer: string }>(some: readonly T[], others: readonly T[]): readonly T[] {
  const peers = new Set(others.map(({ peer }) => peer));
  return some.filter(({ peer }) => !peers.has(peer));
}
