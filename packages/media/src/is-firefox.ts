/** Whether this is the `navigator.userAgent` of Firefox, for what a browser says of itself and does not hold. */
export function isFirefox(userAgent: string): boolean {
  return /Firefox\//.test(userAgent);
}
