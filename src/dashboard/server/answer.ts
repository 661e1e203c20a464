import type { DashboardError, DashboardReason, FieldError } from '../../api/dashboard-api.ts';

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

/** `message` is for people: what it is and what to do. `fields` says the same field by field, where that is known. */
export function refuse(
  status: number,
  reason: DashboardReason,
  message: string,
  fields: readonly FieldError[] = [],
): Answer {
  const error: DashboardError = { code: status, reason, message, ...(fields.length > 0 && { fields }) };
  return { status, body: error };
}
