/** What the owner of a control plane asks its guardian for. */
export type GuardianRequest =
  | { readonly ask: 'start'; readonly name: string; readonly file: string; readonly args: readonly string[] }
  | { readonly ask: 'signal'; readonly name: string; readonly signal: NodeJS.Signals }
  | { readonly ask: 'end' };

/** How a program ended; `code` is 127 when it could not be started at all. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * What the guardian tells: each `start` is answered by `started` and later `exited`, or by `exited` alone; each `signal`
 * by `signalled` when it was sent, or when there is no such program.
 */
export type GuardianEvent =
  | { readonly tell: 'started'; readonly name: string; readonly pid: number }
  | { readonly tell: 'signalled'; readonly name: string }
  | { readonly tell: 'exited'; readonly name: string; readonly exit: Exit };
