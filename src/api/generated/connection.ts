// Made from crds/ by tools/generate-types.ts: do not edit.

import type { NamespacedResourceMeta } from '../object-meta.ts';

/**
 * Source: the third party puts data in (an ERP, a DAM). Destination: it takes data out (a shop, a print system). Other: neither, and nothing is counted.
 */
export type FlowType = 'Source' | 'Destination' | 'Other';
/**
 * What was adopted.
 */
export type AdoptedItem = 'clientId' | 'username' | 'clientSecret' | 'password';
/**
 * Requested by an annotation, Scheduled, Revoked; Reissued because the Secret was gone; Tampered because somebody edited it.
 */
export type RotationCause = 'Requested' | 'Scheduled' | 'Revoked' | 'Reissued' | 'Tampered';

/**
 * A Connection is one third party (an ERP, a DAM, a shop) that calls the API. Its credentials lie in a Secret beside it, are rotated on request or on a schedule, and stop working with it.
 */
export interface Connection {
  /**
   * Always connect.pim.dev/v1beta1.
   */
  readonly apiVersion: string;
  /**
   * Always Connection.
   */
  readonly kind: 'Connection';
  readonly metadata: NamespacedResourceMeta;
  readonly spec: ConnectionSpec;
  readonly status?: ConnectionStatus;
}
/**
 * What is wanted. Everything but label and flowType has a default.
 */
export interface ConnectionSpec {
  /**
   * The name that people read, 3 to 100 characters without leading and trailing blanks. It need not be unique and may change at any time.
   */
  readonly label: string;
  /**
   * The short name that client id, username and metrics carry: 3 to 100 letters, digits and underscores, unique ignoring case among all Connections of one operator. It is immutable. When absent it is metadata.name with every other character turned into an underscore; it may be written out later, if it says the same as status.code.
   */
  readonly code?: string;
  readonly flowType: FlowType;
  /**
   * "Track in Data flows": count what this connection creates, updates or receives. Not with flowType Other.
   */
  readonly tracked?: boolean;
  /**
   * A picture for the dashboard: an https address of at most 2 KiB, or a data URI (base64; png, jpeg, gif, webp or svg+xml) of at most 16 KiB. It is shown, never fetched, by the programs.
   */
  readonly image?: string;
  /**
   * The ConnectionRole that decides which calls are allowed. Whoever sets or changes it needs the verb bind on that role.
   */
  readonly roleRef?: {
    /**
     * Name of a ConnectionRole. The default role lists everything and changes nothing.
     */
    readonly name?: string;
  };
  /**
   * The ConnectionGroup that decides which part of the catalog is seen and edited. Whoever sets or changes it needs the verb bind on that group.
   */
  readonly groupRef?: {
    /**
     * Name of a ConnectionGroup. The default group sees and edits the whole catalog.
     */
    readonly name?: string;
  };
  /**
   * True refuses every token and every call until it is false again. The credentials stay, and tokens from before work again afterwards.
   */
  readonly suspend?: boolean;
  readonly secret?: SecretSpec;
  readonly rotation?: RotationSpec;
}
/**
 * The Secret beside the Connection, and what else stands in it.
 */
export interface SecretSpec {
  /**
   * Name of the Secret, when absent the Connection's name and "-credentials". Immutable once the credentials are issued (the default may be written out).
   */
  readonly name?: string;
  /**
   * Type of the Secret: Opaque, kubernetes.io/basic-auth, or servicebinding.io/ and a word. Immutable once the credentials are issued.
   */
  readonly type?: string;
  /**
   * Labels for the Secret, at most 32. Labels of the Connection itself are never copied. Keys that belong to Kubernetes, Argo CD, Helm or this operator are refused.
   */
  readonly labels?: {
    readonly [k: string]: string;
  };
  /**
   * Annotations for the Secret, at most 32. Annotations of the Connection itself are never copied. Keys that belong to Kubernetes, Argo CD, Helm or this operator are refused.
   */
  readonly annotations?: {
    readonly [k: string]: string;
  };
  /**
   * More keys for the Secret, at most 64: key to template of at most 4 KiB (4096 bytes), such as "https://{{clientId}}:{{clientSecret}}@pim.example.com". Names in templates are clientId, clientSecret, username, password, code, name and namespace; uri and tokenUri where the operator knows the gateway's address. Values are put in as they are.
   */
  readonly data?: {
    readonly [k: string]: string;
  };
  /**
   * True adds the key auth, a line "username:bcrypt(password)" as ingress basic authentication reads it.
   */
  readonly htpasswd?: boolean;
}
/**
 * A schedule, and how long an old value goes on working. Durations are hours, minutes and seconds: 720h, 1h30m.
 */
export interface RotationSpec {
  /**
   * How often both the secret and the password are replaced, counted from the last rotation, at least 1h. Absent: no schedule. Needs overlap beside it.
   */
  readonly interval?: string;
  /**
   * How long an old value works next to the new one, at most 720h and shorter than interval. Absent: 0s, the old value stops at once. Each old value keeps its own end; at most 4 values are accepted, the oldest ends first.
   */
  readonly overlap?: string;
}
/**
 * What the operator last did. Client id and username may be read here; the secret and the password stand in the Secret alone.
 */
export interface ConnectionStatus {
  /**
   * The metadata.generation that this status belongs to.
   */
  readonly observedGeneration?: number;
  /**
   * Ready is always present. Reconciling and Stalled are present only while true: the operator goes on by itself, or waits for a person.
   */
  readonly conditions?: readonly Condition[];
  /**
   * The code that the credentials were issued with. Set with the first issue, for life.
   */
  readonly code?: string;
  /**
   * The client id. No secret; set with the first issue, for life.
   */
  readonly clientId?: string;
  /**
   * The username. No secret; set with the first issue, for life.
   */
  readonly username?: string;
  /**
   * The Secret with the credentials, in the words of servicebinding.io (Provisioned Service). Present once issued.
   */
  readonly binding?: {
    /**
     * Name of the Secret, in the namespace of the Connection.
     */
    readonly name: string;
  };
  readonly credentials?: CredentialsStatus;
  readonly rotation?: RotationStatus;
  /**
   * The UTC day of the last successful use, written by the gateway at most once a day. Absent until the first. As 2026-01-31.
   */
  readonly lastUsedDate?: string;
}
/**
 * One condition, as metav1.Condition of Kubernetes.
 */
export interface Condition {
  /**
   * Ready, Reconciling or Stalled.
   */
  readonly type: string;
  /**
   * True, False or Unknown.
   */
  readonly status: 'True' | 'False' | 'Unknown';
  /**
   * One word for programs; the README lists all of them.
   */
  readonly reason: string;
  /**
   * A sentence for people, which says what to do.
   */
  readonly message: string;
  /**
   * The metadata.generation that this condition was decided on.
   */
  readonly observedGeneration?: number;
  /**
   * When status last changed. RFC 3339.
   */
  readonly lastTransitionTime: string;
}
/**
 * What gateways check a presented value against. Entries may be counted and expires may be read; the rest may change with a release. Nothing here lets anybody log in.
 */
export interface CredentialsStatus {
  /**
   * metadata.uid of the Connection that these belong to. Those of another uid (a restored status) count as none.
   */
  readonly uid: string;
  /**
   * When the first credentials were issued, when absent the time of the oldest verifier. Of two claims to one code, the earlier one holds. RFC 3339.
   */
  readonly issuedAt?: string;
  /**
   * What was taken over from a Secret that its owner gave away. Rotate adopted values soon.
   */
  readonly adopted?: readonly AdoptedItem[];
  readonly reissues?: Reissues;
  /**
   * The accepted verifiers of the client secret, oldest first; the last one is the Secret's.
   */
  readonly clientSecret?: readonly Verifier[];
  /**
   * The accepted verifiers of the password, oldest first; the last one is the Secret's.
   */
  readonly password?: readonly Verifier[];
  readonly retired?: RetiredCredentials;
}
/**
 * Values replaced because somebody deleted or edited the Secret. From the third within an hour on, the next one waits longer each time.
 */
export interface Reissues {
  /**
   * How many in a row, with less than an hour between them.
   */
  readonly count: number;
  /**
   * When the last one was. RFC 3339.
   */
  readonly last: string;
}
/**
 * What one accepted value is checked against.
 */
export interface Verifier {
  /**
   * A count and 6 random characters (7-k3x9q2), never used twice. Tokens are bound to it.
   */
  readonly version: string;
  /**
   * Id of the verifier key, in the key Secret, that the hash was made with.
   */
  readonly key: string;
  /**
   * hmac-sha256 for generated values; bcrypt (of that HMAC, never of the value) for adopted ones.
   */
  readonly alg: 'hmac-sha256' | 'bcrypt';
  /**
   * The hash, base64url or in bcrypt's own form.
   */
  readonly hash: string;
  /**
   * When this value was issued. RFC 3339.
   */
  readonly issued: string;
  /**
   * From this moment on it is refused. Absent on the newest value. RFC 3339.
   */
  readonly expires?: string;
  /**
   * True between the write of this entry and the write of the Secret.
   */
  readonly pending?: boolean;
}
/**
 * The last two values of each part that ended within 30 days: only recognised, so that a warning can name the version.
 */
export interface RetiredCredentials {
  /**
   * Ended verifiers of the client secret, oldest first.
   */
  readonly clientSecret?: readonly RetiredVerifier[];
  /**
   * Ended verifiers of the password, oldest first.
   */
  readonly password?: readonly RetiredVerifier[];
}
/**
 * What one ended value is recognised by. It is never accepted.
 */
export interface RetiredVerifier {
  /**
   * A count and 6 random characters (7-k3x9q2), never used twice. Tokens are bound to it.
   */
  readonly version: string;
  /**
   * Id of the verifier key, in the key Secret, that the hash was made with.
   */
  readonly key: string;
  /**
   * hmac-sha256 for generated values; bcrypt (of that HMAC, never of the value) for adopted ones.
   */
  readonly alg: 'hmac-sha256' | 'bcrypt';
  /**
   * The hash, base64url or in bcrypt's own form.
   */
  readonly hash: string;
  /**
   * When this value was issued. RFC 3339.
   */
  readonly issued: string;
  /**
   * The end that its overlap had. Absent when it ended at once. RFC 3339.
   */
  readonly expires?: string;
  /**
   * When it stopped counting. RFC 3339.
   */
  readonly ended?: string;
}
/**
 * What was rotated, when and why.
 */
export interface RotationStatus {
  readonly clientSecret?: PartRotation;
  readonly password?: PartRotation;
  /**
   * The later of the two parts' lastRotated. RFC 3339.
   */
  readonly lastRotated?: string;
  /**
   * The last 16 rotation annotations that were acted on or recorded, oldest first. One with the same token does nothing any more.
   */
  readonly handled?: readonly HandledRequest[];
  /**
   * The last 10 changes of a value, oldest first, written together with the change itself.
   */
  readonly history?: readonly RotationRecord[];
}
/**
 * What happened to this value and what comes next.
 */
export interface PartRotation {
  /**
   * The token of the last annotation that was acted on.
   */
  readonly lastHandledRequest?: string;
  /**
   * When the value was last replaced. Absent until the first time. RFC 3339.
   */
  readonly lastRotated?: string;
  /**
   * When the schedule replaces it next. Absent without a schedule. RFC 3339.
   */
  readonly nextRotation?: string;
}
/**
 * One annotation with one value.
 */
export interface HandledRequest {
  /**
   * The whole name of the annotation, such as connect.pim.dev/rotate.
   */
  readonly annotation: string;
  /**
   * Its value.
   */
  readonly token: string;
}
/**
 * One change of one value.
 */
export interface RotationRecord {
  /**
   * When it was decided. RFC 3339.
   */
  readonly time: string;
  /**
   * Which value changed.
   */
  readonly part: 'clientSecret' | 'password';
  /**
   * The version that began then.
   */
  readonly version: string;
  readonly cause: RotationCause;
}
