import type { Terminal } from './terminal.ts';

/** What was seen of a rotation. Times count from the API server's answer; `null`: not seen. */
export interface RotationOutcome {
  /** The new value is there, and every gateway that was watched refuses the old one or leaves it its overlap. */
  readonly done: boolean;
  /** Until the Secret had the new value; for whoever may not read it, until the operator had acted. */
  readonly writtenAfterMs: number | null;
  /** While the old value works on; `null`: it does not. */
  readonly overlap: { readonly until: string | null } | null;
  /** Gateways that were watched. */
  readonly gateways: number;
  /** Until the last of them refused the old value. */
  readonly refusedAfterMs: number | null;
}

/** Of a rotation that nobody waited for. */
export const unseen: RotationOutcome = {
  done: false,
  writtenAfterMs: null,
  overlap: null,
  gateways: 0,
  refusedAfterMs: null,
};

interface Waited {
  /** Longest wait, in milliseconds. */
  readonly timeout: number;
  readonly isSecretSeen: boolean;
}

/** For people: what happened on standard output, what did not on standard error. */
export function reportOutcome(
  terminal: Terminal,
  { writtenAfterMs, overlap, gateways, refusedAfterMs }: RotationOutcome,
  { timeout, isSecretSeen }: Waited,
): void {
  if (writtenAfterMs === null) {
    terminal.note(
      `Not done after ${formatDuration(timeout)}: the operator has not acted on it yet. It stays asked for; kubectl connection describe shows how it goes on.`,
    );
  } else {
    const where = isSecretSeen ? 'the Secret has the new value' : 'the operator has acted on it';
    terminal.print(`After ${formatDuration(writtenAfterMs)} ${where}.`);
  }
  if (overlap !== null) {
    const end = overlap.until === null ? 'during its overlap' : `until ${overlap.until}`;
    terminal.print(`The old value goes on working ${end}; kubectl connection revoke ends it now.`);
  } else if (gateways > 0) {
    const who = gateways === 1 ? 'The gateway' : `All ${gateways} gateways`;
    if (refusedAfterMs !== null)
      terminal.print(`${who} refused the old value after ${formatDuration(refusedAfterMs)}.`);
    else terminal.note(`${who} did not refuse the old value within ${formatDuration(timeout)}.`);
  }
}

/** `312 ms`, `4.2 s`, `2 min`. */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 120_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${Math.round(milliseconds / 60_000)} min`;
}
