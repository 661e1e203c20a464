import type { DashboardError, DashboardReason } from '../../api/dashboard-api.ts';

/** What is sent back for one request. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go as they are and say their type in `headers`; anything else as JSON. Absent: no body. */
  readonly body?: unknown;
}

/** Sent as it is, 200. */
export function answerWith(body: object): Answer {
  return { status: 200, body };
}

/** `message` is for people: what it is and what to do. */
export function refuse(status: number, reason: DashboardReason, message: string): Answer {
  const error: DashboardError = { code: status, reason, message };
  return { status, body: error };
}
