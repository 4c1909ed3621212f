/** What a command may touch of the process it runs in: handed in, so that a command is tested without one. */
export interface CommandIo {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C: how a running command ends, which is not an error. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  /** Takes what SIGHUP shall do from now on; on a terminal, whose end it tells, it goes on to end the command. */
  readonly onReload?: ((reload: () => void) => void) | undefined;
}
