/**
 * What the tables became, one step after the other; a step that was released never changes. Both SQLite and PostgreSQL
 * read it. Times are milliseconds since the epoch.
 */
export const schemaSteps: readonly string[] = [
  `CREATE TABLE sessions (
     id TEXT PRIMARY KEY,
     used BIGINT NOT NULL,
     expires BIGINT NOT NULL,
     revoked_at BIGINT
   )`,
  'CREATE INDEX sessions_revoked_at ON sessions (revoked_at)',
  'CREATE INDEX sessions_expires ON sessions (expires)',
  'CREATE TABLE revoked_tokens (id TEXT PRIMARY KEY, expires BIGINT NOT NULL, revoked_at BIGINT NOT NULL)',
  'CREATE INDEX revoked_tokens_revoked_at ON revoked_tokens (revoked_at)',
  `CREATE TABLE warnings (
     connection TEXT NOT NULL,
     kind TEXT NOT NULL,
     detail TEXT NOT NULL,
     at BIGINT NOT NULL,
     PRIMARY KEY (connection, kind, detail)
   )`,
];
