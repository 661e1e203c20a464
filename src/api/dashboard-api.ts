/**
 * What the dashboard's page and its server say to each other. Everything is JSON and under `/api/`; every error is a
 * `DashboardError` with its status. Cookies come by themselves. A change (any method but GET) carries `content-type:
 * application/json`, a JSON body (`{}` where nothing is said of it) and the header `csrfHeader` with `Session.csrf`;
 * signing in alone needs no such header. A 401 means that nobody is signed in any more: show the sign-in.
 *
 * Whatever is asked of the cluster is asked with the viewer's own token, so its 403 is theirs. Objects come without
 * `metadata.managedFields` (`argocd-controller` stays named where it wrote) and without the hashes in
 * `status.credentials`, and there is no way to a Secret.
 */

import type { ErrorReport, FlowReport, WarningReport } from './flow-report.ts';
import type { Connection } from './generated/connection.ts';
import type { ConnectionGroup } from './generated/connection-group.ts';
import type { ConnectionRole } from './generated/connection-role.ts';

/** Header of every change, with `Session.csrf`. */
export const csrfHeader = 'x-csrf-token';

/** Name of the one-time code in the fragment of the page's address: `#code=…`. Take it out of the address at once. */
export const codeFragment = 'code';

/** Paths of the API. Names in a path are percent-encoded by the functions. */
export const dashboardPaths = {
  /** GET: `Session`, or `null` while nobody is signed in. POST `SignIn`: `Session`, or 401. DELETE: signs out, 204. */
  session: '/api/session',
  /** POST with a token in `Authorization: Bearer` and an `Origin` of this server: `OneTimeCode`. For the command line. */
  codes: '/api/codes',
  /** GET: `NamespaceList`; 403 where the viewer may not list namespaces. */
  namespaces: '/api/namespaces',
  /** POST `AccessQuestions`: `AccessAnswers`. */
  access: '/api/access',
  /**
   * GET, a stream of Server-Sent Events (`LiveEvents`). Parameter `namespace`, repeatable, at most 100: the Connections
   * of these; absent: all that the viewer may list. Roles and groups always. One a tab: browsers open six connections
   * to a server. After a break the browser connects again by itself and everything is sent anew.
   */
  live: '/api/live',
  /** POST a Connection: 201 and the object. Parameter `dryRun=true`: as it would be stored, nothing is. */
  connections: (namespace: string): string => `/api/connections/${encodeURIComponent(namespace)}`,
  /**
   * GET: the Connection. PATCH `ConnectionPatch` (RFC 7386), parameter `dryRun=true` as above: the object; 409 when
   * `metadata.resourceVersion` is in the patch and is not the current one. DELETE `DeletePreconditions`: 204.
   */
  connection: (namespace: string, name: string): string =>
    `${dashboardPaths.connections(namespace)}/${encodeURIComponent(name)}`,
  /** GET: `EventList`, newest first, at most 100. */
  events: (namespace: string, name: string): string => `${dashboardPaths.connection(namespace, name)}/events`,
  /**
   * GET, for an `iframe` and nothing else: a small document that shows the image whose address is in `spec.image`, and
   * may load that image alone. So a viewer who clicks sees it, while the page itself loads nothing from elsewhere.
   */
  image: (namespace: string, name: string): string => `${dashboardPaths.connection(namespace, name)}/image`,
  /**
   * GET: `Merged<FlowReport>`, `Merged<ErrorReport>`, `Merged<WarningReport>` of all gateways; parameters as in
   * `flow-report.ts`, and `namespace` may be repeated (at most 100). 501 where no gateway is configured or the viewer
   * has no token to show it, 502 when none answers.
   */
  flows: '/api/flows',
  errors: '/api/errors',
  warnings: '/api/warnings',
} as const;

/** Body of every answer that is no success. */
export interface DashboardError {
  /** The HTTP status. */
  readonly code: number;
  /** A word for what went wrong. */
  readonly reason: DashboardReason;
  /** A sentence for people: what it is and what to do. */
  readonly message: string;
  /** With `Invalid`, where the cluster names fields: a sentence each. Absent: the message is all that is known. */
  readonly fields?: readonly FieldError[];
}

/** What is wrong with one field. */
export interface FieldError {
  /** As in `spec.label`. */
  readonly field: string;
  /** A sentence without the name of the field. */
  readonly message: string;
}

/**
 * `SignedOut` and `WrongToken`, `WrongCode` are 401. `Forbidden` is the cluster's no, `NotFromThePage` a change without
 * CSRF header or from elsewhere; both 403. `Conflict` 409: somebody else changed it, read it again. `Invalid` 422 and
 * `BadRequest` 400: the sentence says which field. `NoGateway`, `NoToken` 501. `Unavailable` 502, 503, 504: try again.
 */
export type DashboardReason =
  | 'SignedOut'
  | 'WrongToken'
  | 'WrongCode'
  | 'NotFromThePage'
  | 'WrongHost'
  | 'BadRequest'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'TooMany'
  | 'NoGateway'
  | 'NoToken'
  | 'Unavailable';

/** Body of a sign-in: a token of the cluster that somebody pasted, or the code from the address. */
export type SignIn = { readonly token: string } | { readonly code: string };

/** How the token came: pasted or by code, with each request from an OIDC proxy, or from the kubeconfig of this program. */
export type SessionMode = 'token' | 'proxy' | 'kubeconfig';

/** Who looks. */
export interface Session {
  /** As the cluster calls them. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly mode: SessionMode;
  /** For `csrfHeader`. The same as long as the session lives. */
  readonly csrf: string;
  /** End of the session at the latest, as in `2026-11-28T18:00:00.000Z`. With `proxy`: unless the proxy renews the token. */
  readonly expires: string;
  /** Those that the kubeconfig names; empty in other modes. */
  readonly namespaces: readonly string[];
  /** Hosts whose images the page may show without a click. */
  readonly imageHosts: readonly string[];
  /** Whether `flows`, `errors` and `warnings` can be asked for. */
  readonly flows: boolean;
}

export interface OneTimeCode {
  /** Signs in once, within 60 seconds. */
  readonly code: string;
}

export interface NamespaceList {
  /** In alphabetical order. */
  readonly namespaces: readonly string[];
}

/** One SelfSubjectAccessReview: may the viewer do this? The API group is the project's own. */
export interface AccessQuestion {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'bind';
  readonly resource: 'connections' | 'connectionroles' | 'connectiongroups';
  /** Absent: all namespaces, or a resource without. */
  readonly namespace?: string;
  /** Absent: any. */
  readonly name?: string;
}

export interface AccessQuestions {
  /** At most 100. */
  readonly questions: readonly AccessQuestion[];
}

export interface AccessAnswers {
  /** In the order of the questions. A yes is no promise: admission policies have their say when something is written. */
  readonly allowed: readonly boolean[];
}

/** What may be sent to change a Connection: `null` takes a field away (RFC 7386). */
export interface ConnectionPatch {
  readonly metadata?: {
    /** Makes the change conditional. */
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string | null>>;
    readonly labels?: Readonly<Record<string, string | null>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Body of a DELETE: refused with 409 when the Connection is another one by now. */
export interface DeletePreconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface ConnectionEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
  /** The last time, RFC 3339. */
  readonly at: string;
  /** How often, at least 1. */
  readonly count: number;
}

export interface EventList {
  readonly events: readonly ConnectionEvent[];
}

/** A gateway that gave no answer; what it knows is missing from the report. */
export interface SilentGateway {
  /** Host and port, as in `connection-gateway:9090`. */
  readonly gateway: string;
  /** A sentence. */
  readonly message: string;
}

export type Merged<Report extends FlowReport | ErrorReport | WarningReport> = Report & {
  /** Empty when every gateway answered. */
  readonly silent: readonly SilentGateway[];
};

/** What is watched: one of these for roles, one for groups, one or more for Connections. */
export interface LiveSource {
  readonly kind: keyof LiveObjects;
  /** Absent: all namespaces, or a kind without. */
  readonly namespace?: string;
}

export interface LiveObjects {
  readonly connections: Connection;
  readonly roles: ConnectionRole;
  readonly groups: ConnectionGroup;
}

type LiveKind = keyof LiveObjects;

/** Part of the list of a source. */
export type LivePage = {
  [Kind in LiveKind]: LiveSource & {
    readonly kind: Kind;
    /** First page: a new list of this source begins. Keep showing the old one until its `ready`. */
    readonly first: boolean;
    readonly items: readonly LiveObjects[Kind][];
  };
}[LiveKind];

/** One object that was made, changed or deleted. Also of objects that are known already, and never older than what was sent. */
export type LiveChange = {
  [Kind in LiveKind]: LiveSource & {
    readonly kind: Kind;
    /** `removed`: its last state before it was gone. */
    readonly type: 'changed' | 'removed';
    readonly object: LiveObjects[Kind];
  };
}[LiveKind];

/** About a source, with a sentence for people. */
export interface LiveNotice extends LiveSource {
  readonly message: string;
}

/** Names of the events of `live` (`EventSource.addEventListener`) and what their `data` holds. */
export interface LiveEvents {
  /** Sent first: every source there will be a list or a refusal of. */
  readonly sources: { readonly sources: readonly LiveSource[] };
  readonly page: LivePage;
  /** The list of this source is complete and live from here on: what was in none of its pages is gone. */
  readonly ready: LiveSource;
  readonly change: LiveChange;
  /** The viewer may not list this source. It is tried again; what was known of it has to go. */
  readonly denied: LiveNotice;
  /** The cluster gives no answer at the moment. What is known stays and may be old until `ready` or `resumed`. */
  readonly trouble: LiveNotice;
  /** Live again after `trouble`, nothing was missed. */
  readonly resumed: LiveSource;
  /** Last event: the session ended. Close the stream and show the sign-in. */
  readonly ended: { readonly message: string };
}
