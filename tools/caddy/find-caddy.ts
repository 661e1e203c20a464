import { findGoProgram } from '../find-go-program.ts';

const caddy = {
  name: 'caddy',
  folder: import.meta.dirname,
  goPackage: 'github.com/caddyserver/caddy/v2/cmd/caddy',
  // without databases: a third of the time to build
  tags: 'nobadger,nomysql,nopgx',
};

/** Path of a Caddy: in the cache, else built into it from go.mod (some minutes of two cores, once). */
export function findCaddy(report: (line: string) => void): Promise<string> {
  return findGoProgram(caddy, report);
}
