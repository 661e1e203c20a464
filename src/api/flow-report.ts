/**
 * What a gateway's admin port tells of data flows, errors and warnings. Every question carries the viewer's own token in
 * `Authorization: Bearer`; without one the answer is 401. Answers hold only Connections that the viewer may `get`
 * (SelfSubjectAccessReview with that token): 403 when the viewer may get none of those that are asked for. All answers
 * and errors are JSON, errors as `{"code": status, "message": sentence}`: also 400 for parameters, 404 of `errors` for a Connection
 * that the gateway does not know, 503 while the API server or the store is away.
 *
 * Query parameters: `namespace` (absent: all namespaces, which needs the right to get Connections everywhere) and
 * `name` (needs `namespace`; absent: all Connections of the namespace).
 */

/** Paths on the admin port. All GET. */
export const flowPaths = {
  /** `FlowReport`; parameter `hours`: how far it looks back, 1 to 240, the current hour included; absent: 192. */
  flows: '/flows',
  /** `ErrorReport`; `namespace` and `name` are required. */
  errors: '/errors',
  /** `WarningReport`, of the last 30 days. */
  warnings: '/warnings',
} as const;

/** What one Connection moved. `created` and `updated` on Source, `sent` on Destination; errors on Source. */
export interface FlowCounts {
  readonly created: number;
  readonly updated: number;
  readonly sent: number;
  /** Errors that the data caused: an unknown attribute, a value that breaks a rule. */
  readonly business: number;
  /** Errors that the connector caused: a wrong format, an unknown property. */
  readonly technical: number;
}

/** Sums of one UTC hour. */
export interface FlowHour extends FlowCounts {
  /** Start of the hour, as in `2026-11-28T10:00:00Z`. */
  readonly hour: string;
}

/** A Connection of a report. */
export interface ReportedConnection {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}

/** Sums of one Connection over all hours of the report. */
export interface ConnectionFlow extends ReportedConnection, FlowCounts {}

/** Answer of `flows`: tracked Connections that exist, whatever they moved. */
export interface FlowReport {
  /** By namespace and name. */
  readonly connections: readonly ConnectionFlow[];
  /** Sums over those Connections, oldest first; hours in which nothing moved are left out. */
  readonly hours: readonly FlowHour[];
}

/** One business error of the last 7 days. */
export interface ReportedError {
  /** As in `2026-11-28T10:15:00.000Z`. */
  readonly at: string;
  readonly message: string;
  /** Route of the call, as in `PATCH /api/rest/v1/products/{code}`. */
  readonly route: string;
  /** Identifier or UUID of the product, where it is known. */
  readonly product?: string;
  /** Property, attribute, locale and channel (scope) that the upstream named. */
  readonly property?: string;
  readonly attribute?: string;
  readonly locale?: string;
  readonly channel?: string;
}

/** Answer of `errors`. */
export interface ErrorReport {
  /** Newest first, at most 100. */
  readonly errors: readonly ReportedError[];
}

/** Something that should not be. */
export interface ReportedWarning extends ReportedConnection {
  /**
   * `otherUsername`: the client id of this connection is used with the username of another one. `otherClientId`: its
   * username is used with the client id of another one. `retiredValue`: an old secret or password is presented.
   */
  readonly kind: 'otherUsername' | 'otherClientId' | 'retiredValue';
  /** The other connection's username or client id; of a retired value part and version, as in `clientSecret 7-k3x9q2`. */
  readonly detail: string;
  /** The last time, as in `2026-11-28T10:15:00.000Z`; exact to ten minutes. */
  readonly at: string;
}

/** Answer of `warnings`. */
export interface WarningReport {
  /** Newest first. */
  readonly warnings: readonly ReportedWarning[];
}
