/** A broker of some make that a test has started. Disposing of it ends it. */
export interface RunningBroker extends AsyncDisposable {
  /** Where a gateway connects to. */
  readonly url: string;
  /** Where clients connect to without a gateway. */
  readonly directUrl: string;
  /** Without one the broker takes everybody. */
  readonly account?: { readonly username: string; readonly password: string } | undefined;
}
