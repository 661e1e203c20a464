import type { Reason } from '../../api/reasons.ts';

/** Why a Connection is not as it should be: the `Ready` reason, and a message that says what to do. */
export interface Problem {
  readonly reason: Exclude<Reason, 'Issued' | 'Pending'>;
  readonly message: string;
}
