/** What a reason of the `Ready` condition means for kstatus: what the other two conditions say beside it. */
export interface ReasonMeaning {
  readonly status: 'True' | 'False' | 'Unknown';
  /** The condition that is added while this reason stands; `Reconciling` heals by itself, `Stalled` needs a person. */
  readonly beside?: 'Reconciling' | 'Stalled';
  /** One sentence for the README's table. */
  readonly meaning: string;
}

/** A reason of the `Ready` condition. */
export type Reason =
  | 'Issued'
  | 'Pending'
  | 'Suspended'
  | 'SecretConflict'
  | 'SecretContested'
  | 'SecretRefused'
  | 'CodeConflict'
  | 'IdentityConflict'
  | 'InvalidTemplate'
  | 'ConnectionLimitReached'
  | 'RoleNotFound'
  | 'GroupNotFound'
  | 'RoleNotAllowed'
  | 'GroupNotAllowed';

/** Every reason that `Ready` can have. The README's table is this one; a repository test holds them equal. */
export const reasons: Readonly<Record<Reason, ReasonMeaning>> = {
  Issued: { status: 'True', meaning: 'The Secret holds values that the gateway accepts.' },
  Pending: { status: 'Unknown', meaning: 'The operator has not looked at this Connection yet.' },
  Suspended: { status: 'False', meaning: '`spec.suspend` is true: every token and call is refused, credentials stay.' },
  SecretConflict: {
    status: 'False',
    beside: 'Stalled',
    meaning: 'A Secret of that name exists and is not ours; it is never touched. Looked at again every 10 seconds.',
  },
  SecretContested: {
    status: 'False',
    beside: 'Stalled',
    meaning: 'Somebody keeps writing another value into the Secret; replacing it waits longer each time.',
  },
  SecretRefused: {
    status: 'False',
    beside: 'Reconciling',
    meaning: 'The API server refused to store the Secret (quota, admission policy, invalid metadata).',
  },
  CodeConflict: {
    status: 'False',
    beside: 'Stalled',
    meaning: 'Another Connection was issued this code before: set `spec.code`.',
  },
  IdentityConflict: {
    status: 'False',
    beside: 'Stalled',
    meaning: 'The client id or username belongs, belonged or could belong to another Connection.',
  },
  InvalidTemplate: {
    status: 'False',
    beside: 'Stalled',
    meaning: 'A template of `spec.secret.data` cannot be rendered, or a password is too long for `auth`.',
  },
  ConnectionLimitReached: {
    status: 'False',
    beside: 'Reconciling',
    meaning: 'The namespace has as many issued Connections as `--connection-limit` allows.',
  },
  RoleNotFound: { status: 'False', beside: 'Reconciling', meaning: 'The ConnectionRole does not exist.' },
  GroupNotFound: { status: 'False', beside: 'Reconciling', meaning: 'The ConnectionGroup does not exist.' },
  RoleNotAllowed: {
    status: 'False',
    beside: 'Reconciling',
    meaning: "The ConnectionRole's `namespaces` leave this namespace out.",
  },
  GroupNotAllowed: {
    status: 'False',
    beside: 'Reconciling',
    meaning: "The ConnectionGroup's `namespaces` leave this namespace out.",
  },
};
