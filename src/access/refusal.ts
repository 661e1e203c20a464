/** Status of a request that is answered before anything of it goes further. */
export type RefusalStatus = 400 | 403 | 405 | 406 | 415;

/**
 * Why a request goes no further: a value, not an error. `message` is for the client; it names rules and header names,
 * never a credential, a path or a query.
 */
export class Refusal {
  readonly status: RefusalStatus;
  readonly message: string;
  /** Value of `Allow`, which a 405 must carry (RFC 9110 section 15.5.6). Absent on every other status. */
  readonly allow: string | undefined;

  constructor(status: RefusalStatus, message: string, allow?: string) {
    this.status = status;
    this.message = message;
    this.allow = allow;
  }
}
