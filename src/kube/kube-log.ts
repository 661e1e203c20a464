/** Fields of a log line; never a value of a Secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** What this folder needs of a logger; one of pino fits. */
export interface KubeLog {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Says nothing. */
export const silentLog: KubeLog = { debug() {}, info() {}, warn() {}, error() {} };
