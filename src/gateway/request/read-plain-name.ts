const plain = /^[a-z0-9-]*$/;

/**
 * A header name as a careless server might read it: each character outside letters and digits is `-`, case is ignored.
 * `X_Connection.Code` and `X-Connection-Code` are the same plain name (CGI turns both into one variable).
 */
export function readPlainName(name: string): string {
  // Nearly every name is plain already.
  return plain.test(name) ? name : name.toLowerCase().replace(/[^a-z0-9]/g, '-');
}
